"""python -m tests.house: rooms, longest files, circles, forbidden arrows, and how long the ways through the house are."""

from tests.house import rooms
from tests.house.ways import WAYS, follow

LONGEST_SHOWN = 12


def main() -> None:
    print("rooms                    files  lines")
    for folder, (files, lines) in rooms.rooms().items():
        print(f"  {folder:<22} {files:5} {lines:6}")
    print("longest files")
    for path in sorted(rooms.paths(), key=rooms.lines, reverse=True)[:LONGEST_SHOWN]:
        print(f"  {rooms.lines(path):4}  {rooms.inside(path)}")
    circles = rooms.circles()
    print(f"circles: {len(circles)}")
    for circle in circles:
        print(f"  {', '.join(circle)}")
    forbidden = [*rooms.upward(), *rooms.between_rooms()]
    print(f"forbidden arrows: {len(forbidden)}")
    for arrow in forbidden:
        print(f"  {arrow.source}:{arrow.line} imports {arrow.target}")
    print("ways")
    for way in WAYS:
        route = follow(way)
        print(f"  {way.what}: {route}")
        print(f"    {' > '.join(route.files)}")
        for here, there in route.climbs:
            print(f"    climbs from {here} to {there}")
        for here, there in route.by_contract:
            print(f"    calls {there} by a contract of the room of {here}")


if __name__ == "__main__":
    main()
