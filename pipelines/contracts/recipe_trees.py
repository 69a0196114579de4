"""What cannot be in the tree of a recipe: groups within groups on any number of levels, their members, means and peers.

Belongs here: contradictions of structure. Does not belong here: contradictions of scales, weights and coverage (``recipes.py``).
"""

from collections.abc import Iterator

from pipelines.domain.recipes import Recipe, RecipeGroup, RecipeIndicator

WHOLE = "index"


def uneven_depths(recipe: Recipe) -> list[str]:
    """Find what keeps a recipe from having levels: members of two kinds or none, indicators under more groups than others."""
    faults = []
    if bool(recipe.groups) == bool(recipe.flat):
        faults.append("an index is made of groups or, straight, of indicators; state one of the two.")
    for group in _all_groups(recipe.groups):
        if bool(group.groups) == bool(group.indicators):
            faults.append(f"the group '{group.group_code}' is made of groups or of indicators; state one of the two.")
    depth_of = dict(_depths(recipe.groups, 1))
    least, most = (min(depth_of, key=depth_of.__getitem__), max(depth_of, key=depth_of.__getitem__)) if depth_of else ("", "")
    if depth_of and depth_of[least] != depth_of[most]:
        faults.append(
            f"'{least}' stands under {_counted(depth_of[least], 'group')} and '{most}' under {depth_of[most]}; every indicator stands under as many: "
            "put a group of one between."
        )
    return faults


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' if n > 1 else ''}"


def _all_groups(groups: tuple[RecipeGroup, ...]) -> Iterator[RecipeGroup]:
    for group in groups:
        yield group
        yield from _all_groups(group.groups)


def _depths(groups: tuple[RecipeGroup, ...], depth: int) -> Iterator[tuple[str, int]]:
    for group in groups:
        yield from ((item.indicator_code, depth) for item in group.indicators)
        yield from _depths(group.groups, depth + 1)


def siblings(recipe: Recipe) -> Iterator[tuple[RecipeGroup | RecipeIndicator, ...]]:
    """Give what is put together: the members of each group, and those of the index."""
    for group in _all_groups(recipe.groups):
        yield group.groups or group.indicators
    yield recipe.groups or recipe.flat


def of_groups(recipe: Recipe) -> list[str]:
    """Find what cannot go together in the groups of an even tree: names, members, means of levels, fills and peers."""
    groups = tuple(_all_groups(recipe.groups))
    names = [g.group_code for g in groups]
    faults = [f"the group '{name}' stands twice." for name in sorted({n for n in names if names.count(n) > 1})]
    if WHOLE in names:
        faults.append(f"a group is called '{WHOLE}', which is the name of the whole.")
    for group in groups:
        members = len(group.groups or group.indicators)
        if group.fewest > members:
            faults.append(f"the group '{group.group_code}' asks for {group.fewest} members and has {members}; it would never have a score.")
    n_levels = len(recipe.levels) + 1
    if len(recipe.means) != n_levels:
        faults.append(f"{len(recipe.means)} means for {_counted(n_levels, 'level')}; give one each, from the indicators up to the index.")
    if recipe.means[-1].fill != "none":
        faults.append("the index itself is never filled in; a city without enough below it has no score.")
    peers = [member for _, members in recipe.peers for member in members]
    faults += [f"'{member}' stands in two groups of peers." for member in sorted({p for p in peers if peers.count(p) > 1})]
    return faults
