"""The notice of the sample city's model meeting, written for it: in both languages, officials by their posts."""

from __future__ import annotations

BODY_ZH = """\
<p>8月22日，市外办组织全市外事系统集中学习党的二十届三中全会精神，并召开全市外办主任会议。市外办、市友协工作人员，\
各区、县（市）分管外事负责同志和外办主任参加会议。</p>
<h2>学深悟透全会精神</h2>
<p>市外办主任围绕全会《决定》作宣讲，就改革任务同外事工作的衔接作了说明，要求各级外办结合本地实际列出清单，\
把学习成果用到便利往来、服务企业、守护安全上。</p>
<h2>交流各地工作情况</h2>
<p>十三个区、县（市）依次汇报了上半年工作，介绍了友城交往、涉外服务和外事管理等方面的做法，也提出了人手不足、\
信息分散等需要共同解决的问题。会上当场答复的，由市外办有关处室跟进；需要研究的，列入下一步工作。</p>
<h2>安排下一阶段任务</h2>
<p>会议明确，下半年重点抓好三件事：统筹全市对外交流活动，避免重复；完善涉外服务一次告知，方便居民和企业；\
加强外事队伍培训，年内实现各地轮训一遍。各单位年底前书面报告落实情况。</p>
"""
BODY_EN = """\
<p>On 22 August the Shenyang Foreign Affairs Office brought the city’s foreign affairs staff together to study the \
decisions of the Third Plenary Session of the 20th CPC Central Committee, and held this year’s conference of foreign \
affairs offices. Staff of the office and of the Friendship Association took part, with the deputy heads in charge of \
foreign affairs and the foreign affairs directors of all districts and counties.</p>
<h2>What the session decided</h2>
<p>The director of the office explained the decisions and where they touch work with foreign partners. Each office was \
asked to list what follows for its own area: easier visits, better help for companies, and safety.</p>
<h2>Reports from the districts</h2>
<p>Thirteen districts and counties reported in turn on the first half of the year: on sister cities, services for \
foreign residents, and daily administration. They also named problems they share, such as too few staff and scattered \
information. Divisions of the office will follow up what could be answered on the day; the rest goes into the plan.</p>
<h2>The months ahead</h2>
<p>The conference set three tasks for the second half of the year: one plan for exchanges abroad, so that nothing is \
done twice; one place where residents and companies learn all they need; and training for the staff of every office. \
All will report in writing by the end of the year.</p>
"""


def model_notice() -> dict[str, str]:
    """The columns of `NoticeText` for the model meeting of 22 August 2024; `attended_*` comes from the record."""
    return {
        "title_zh": "全市外办系统学习党的二十届三中全会精神",
        "title_en": "Shenyang’s foreign affairs offices meet on the decisions of the Third Plenary Session",
        "body_zh": BODY_ZH,
        "body_en": BODY_EN,
        "author_zh": "值班编辑",
        "author_en": "Duty editor",
        "department_zh": "市外办综合处",
        "department_en": "General Affairs Division",
    }
