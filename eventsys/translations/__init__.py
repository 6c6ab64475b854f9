"""The Chinese texts, one `zh/<room>.po` for each room; `python -m eventsys.translations` keeps them in step with the code."""
