"""Read catalogue and registries: CSV files of the contracts folder as rows and as a vocabulary.

Belongs here: which registry tables exist and how words are looked up. Does not belong here: DuckDB.
"""

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from pipelines.contracts.documents import OBSERVATIONS, Contract, contract_path, read_contract
from pipelines.contracts.places import read_places
from pipelines.domain.assessments import MaturityWords
from pipelines.domain.errors import ContractError
from pipelines.domain.texts import fold
from pipelines.domain.vocabularies import HeaderRemark, Mark, MemberHabits, NoteMark, Vocabulary

Row = dict[str, str]
MONTHLY_TWIN = "monthly_twin"
INDICATOR_FILES = ("iso37120_2018", "iso37122_2019", "iso37123_2019", "u4ssc_2017", "forum_2026")
CATALOGUE_TABLES = ("definitions", "definition_aliases", "maturity_schemes", "maturity_summaries", "maturity_words", "maturity_outcomes", "cards")
REGISTRY_TABLES = (
    "members", "cities", "city_names", "boundaries", "boundary_aliases", "units", "unit_aliases", "value_marks",
    "status_codes", "quality_codes", "goal_sets", "goals", "editions", "indicator_aliases", "maturity_assessments_observed", "note_marks", "row_words",
    "waivers", "breaks", "verdict_rules", "verdict_codes", "indicator_sets", "indicator_set_items", "case_requests", "corrections", "rates",
    "use_conditions", "quality_aliases", "status_aliases", "country_names", "place_levels", "place_twins", "header_remarks", "method_kinds",
    "method_aliases", "source_kinds",
)  # fmt: skip


def read_rows(path: Path) -> list[Row]:
    """Read one UTF-8 CSV file of the contracts folder, strictly.

    Raises:
        ContractError: the file is missing or a row has another length than the header.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader)
            rows = []
            for line in reader:
                if len(line) != len(header):
                    raise ContractError(f"{path.name}, line {reader.line_num}: {len(line)} fields, expected {len(header)}.")
                rows.append(dict(zip(header, line, strict=True)))
            return rows
    except (OSError, csv.Error, StopIteration) as error:
        raise ContractError(f"{path.name}: not a readable CSV file ({error}).") from error


def read_registry(contracts_dir: Path) -> dict[str, list[Row]]:
    """Read every registry table, the whole indicator catalogue and the crosswalk.

    Returns:
        Table name to rows; ``indicators`` holds all frameworks, ``maturity_items`` the parts of every maturity scheme.
    """
    tables = {name: read_rows(contracts_dir / "registries" / f"{name}.csv") for name in REGISTRY_TABLES}
    tables["indicators"] = [row for name in INDICATOR_FILES for row in read_rows(contracts_dir / "indicators" / f"{name}.csv")]
    tables |= {name: read_rows(contracts_dir / "indicators" / f"{name}.csv") for name in CATALOGUE_TABLES}
    tables["crosswalk"] = read_rows(contracts_dir / "indicators" / "crosswalk.csv")
    tables["maturity_items"] = _maturity_items(contracts_dir, tables["maturity_schemes"], tables["maturity_summaries"])
    return tables


def registry_columns(contracts_dir: Path) -> dict[str, list[str]]:
    """Give the header of every registry table, for those that may have no row yet."""
    headers = {}
    for name in REGISTRY_TABLES:
        with (contracts_dir / "registries" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            headers[name] = next(csv.reader(stream))
    return headers


def _maturity_items(contracts_dir: Path, schemes: list[Row], summaries: list[Row]) -> list[Row]:
    """Areas, levels, principles and facts of each scheme, and the summaries that any scheme may have published."""
    items = []
    for scheme in schemes:
        rows = read_rows(contracts_dir / "indicators" / f"{scheme['file']}.csv")
        items += [{"scheme_code": scheme["scheme_code"], **row} for row in rows]
        empty = dict.fromkeys(rows[0], "")
        items += [
            {"scheme_code": scheme["scheme_code"], **empty, "row_type": "summary", "id": s["item_code"], "name": s["name_en"], "name_ko": s["name_ko"],
             "confidence": "verified", "source": "public reports"}
            for s in summaries
        ]  # fmt: skip
    return items


@lru_cache(maxsize=4)
def load_contract(contracts_dir: Path, contract_id: str = OBSERVATIONS) -> Contract:
    """Read an inbound contract once per process."""
    return read_contract(contract_path(contracts_dir, contract_id))


@lru_cache(maxsize=4)
def load_maturity_words(contracts_dir: Path) -> MaturityWords:
    """Build the words of maturity files once per process.

    Raises:
        ContractError: one folded word stands for two codes.
    """
    registry = load_registry(contracts_dir)
    schemes: dict[str, str] = {}
    tracks: dict[str, str] = {}
    items: dict[str, dict[str, str]] = defaultdict(dict)
    for row in registry["maturity_schemes"]:
        _put(schemes, row["scheme_code"], row["scheme_code"])
    for row in registry["maturity_words"]:
        _put(schemes if row["kind"] == "scheme" else tracks, row["word"], row["code"])
    for row in registry["maturity_items"]:
        if row["row_type"] in ("area", "summary"):
            for word in filter(None, (row["id"], row["name"], row["name_ko"])):
                _put(items[row["scheme_code"]], word, row["id"])
    return MaturityWords(schemes, tracks, dict(items))


@lru_cache(maxsize=4)
def load_registry(contracts_dir: Path) -> dict[str, list[Row]]:
    """Read the registry once per process."""
    return read_registry(contracts_dir)


def member_habits(contracts_dir: Path, member_code: str) -> MemberHabits:
    """Give one member's habits.

    Raises:
        ContractError: no such member.
    """
    registry = load_registry(contracts_dir)
    for row in registry["members"]:
        if row["member_code"] == member_code:
            marks = {fold(m["mark"]): Mark(m["status_code"], m["reason_code"]) for m in registry["value_marks"] if m["member_code"] in (member_code, "*")}
            notes = tuple(
                NoteMark(fold(m["mark"]), m["position"] == "prefix", m["status_code"])
                for m in sorted(registry["note_marks"], key=lambda m: -len(m["mark"]))
                if m["member_code"] in (member_code, "*")
            )
            return MemberHabits(member_code, tuple(row["encodings"].split()), marks, notes, row["bare_year_calendar"], row["short_year_calendar"])
    known = ", ".join(row["member_code"] for row in registry["members"])
    raise ContractError(f"There is no member '{member_code}'. Members: {known}.")


@lru_cache(maxsize=4)
def load_vocabulary(contracts_dir: Path) -> Vocabulary:
    """Build the vocabulary once per process.

    Raises:
        ContractError: one folded word stands for two codes.
    """
    registry = load_registry(contracts_dir)
    contract = load_contract(contracts_dir)
    indicators: dict[str, str] = {}
    bare: set[str] = set()
    for row in registry["indicators"]:
        code = row["indicator_code"]
        bare.add(fold(row["clause"]))
        for word in code_spellings(code):
            _put(indicators, word, code)
    for row in registry["crosswalk"]:
        if row["from_code"].startswith("iso37120:2014/"):
            bare.add(fold(row["from_code"].split("/")[1]))
            for word in code_spellings(row["from_code"]):
                _put(indicators, word, row["from_code"])
    for row in registry["indicator_aliases"]:
        _put(indicators, row["alias"], row["indicator_code"])
    definitions: dict[str, dict[str, str]] = defaultdict(dict)
    readings: dict[str, str] = {}
    for row in registry["definitions"]:
        for word in (row["definition_code"], row["definition_code"].replace("_", " "), row["name_en"]):
            _put(definitions[row["indicator_code"]], word, row["definition_code"])
    for row in registry["definition_aliases"]:
        _put(definitions[row["indicator_code"]], row["alias"], row["definition_code"])
        if row["is_indicator_name"] == "true":
            _put(indicators, row["alias"], row["indicator_code"])
            _put(readings, row["alias"], row["definition_code"])
    needs, twins = _periods_of_indicators(registry)
    cities: dict[str, dict[str, str]] = defaultdict(dict)
    member_of = {row["city_code"]: row["member_code"] for row in registry["cities"]}
    for row in registry["city_names"]:
        _put(cities[member_of[row["city_code"]]], row["name"], row["city_code"])
    for code in member_of:
        _put(cities["*"], code, code)
    return Vocabulary(
        headers=contract.headers,
        header_calendars=contract.header_calendars,
        cities=dict(cities),
        indicators=indicators,
        definitions=dict(definitions),
        readings=readings,
        units=_lookup(registry["unit_aliases"], "unit_code"),
        boundaries=_words_of(registry, "boundary_code", "boundaries", "boundary_aliases"),
        qualities=_words_of(registry, "quality_code", "quality_codes", "quality_aliases"),
        statuses=_words_of(registry, "status_code", "status_codes", "status_aliases"),
        methods=_words_of(registry, "method_code", "method_kinds", "method_aliases"),
        clauses_without_edition=frozenset(bare),
        totals=frozenset(fold(r["word"]) for r in registry["row_words"] if r["kind"] == "total"),
        period_needs=needs,
        monthly_twins=twins,
        places=read_places(registry),
        header_remarks={fold(r["remark"]): HeaderRemark(r["kind"], r["status_code"]) for r in registry["header_remarks"]},
        shares=_shares(registry["indicators"]),
    )


def _periods_of_indicators(registry: dict[str, list[Row]]) -> tuple[dict[str, str], dict[str, str]]:
    """Indicator code to the period it needs, and to the indicator of its months; an old code is as its exact successor."""
    needs = {row["indicator_code"]: row["period_need"] for row in registry["indicators"]}
    twins = {row["from_code"]: row["to_code"] for row in registry["crosswalk"] if row["relation"] == MONTHLY_TWIN}
    for row in registry["crosswalk"]:
        if row["from_code"].startswith("iso37120:2014/") and row["grade"] == "exact":
            needs[row["from_code"]] = needs[row["to_code"]]
            if row["to_code"] in twins:
                twins[row["from_code"]] = twins[row["to_code"]]
    return needs, twins


def _shares(indicators: list[Row]) -> dict[str, tuple[float, float]]:
    bounded = (r for r in indicators if r["unit_code"] == "percent" and r["plausible_min"] and r["plausible_max"])
    return {r["indicator_code"]: (float(r["plausible_min"]), float(r["plausible_max"])) for r in bounded}


def code_spellings(code: str) -> list[str]:
    """Spell a code in the ways offices write it; the edition is always there.

    Returns:
        For ``iso37120:2018/8.1``: the code itself, ``ISO 37120:2018 8.1``, ``ISO 37120:2018, 8.1``, ``ISO37120:2018/8.1``.
    """
    framework, _, clause = code.partition("/")
    name, _, edition = framework.partition(":")
    spaced = f"ISO {name[3:]}:{edition}" if name.startswith("iso") else framework
    return [code, f"{spaced} {clause}", f"{spaced}, {clause}", f"{spaced}/{clause}", f"{framework} {clause}"]


def _words_of(registry: dict[str, list[Row]], column: str, codes: str, aliases: str) -> dict[str, str]:
    """Every word for a code of a closed list: the code, spelt with spaces too, its name, SDMX's letters for it, and its aliases."""
    found: dict[str, str] = {}
    for row in registry[codes]:
        code = row[column]
        for word in (code, code.replace("_", " "), row["name_en"], *row.get("sdmx_codes", "").split()):
            _put(found, word, code)
    return _lookup(registry[aliases], column, found)


def _lookup(rows: list[Row], code_column: str, found: dict[str, str] | None = None) -> dict[str, str]:
    found = {} if found is None else found
    for row in rows:
        _put(found, row["alias"], row[code_column])
    return found


def _put(table: dict[str, str], word: str, code: str) -> None:
    key = fold(word)
    if table.setdefault(key, code) != code:
        raise ContractError(f"'{word}' stands for both {table[key]} and {code}; a word must stand for one code.")
