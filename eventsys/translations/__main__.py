"""`python -m eventsys.translations [ROOM …]`: bring the Chinese fragments in step with code and templates."""

import sys

from eventsys.translations import ROOMS, fragment, owned, rewrite, translation


def main(arguments: list[str]) -> int:
    """Rewrite the named fragments, all of them without a name, and say what each still lacks; 1 for a wrong name."""
    wanted = arguments or list(ROOMS)
    unknown = [room for room in wanted if room not in ROOMS]
    if unknown:
        sys.stderr.write(f"no such room: {', '.join(unknown)}; there are {', '.join(ROOMS)}\n")
        return 1
    problems: list[str] = []
    rooms = owned(problems)
    for problem in problems:
        sys.stderr.write(f"not read, its room is left as it is: {problem}\n")
    for room in wanted:
        if room in rooms:
            rewrite(room, rooms)
            messages = fragment(room).values()
            untranslated = sum(not translation(message) for message in messages)
            sys.stdout.write(f"{room}: {len(messages)} texts, {untranslated} without Chinese\n")
    return int(any(room not in rooms for room in wanted))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
