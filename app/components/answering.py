"""Forms by which a person answers what the check asks: how to read the file, what words mean, corrections, reasons.

Belongs here: findings to forms, forms to answers. Does not belong here: applying answers (intake).
"""

from dataclasses import replace

import streamlit as st

from app.components.words import plain
from pipelines.contracts.catalogues import load_registry
from pipelines.domain.answers import EVERYTHING_ELSE, IGNORED, Answers
from pipelines.domain.findings import CheckReport, Finding, Severity
from pipelines.domain.source_fields import SOURCE_FIELD_ROLES
from pipelines.settings import Settings
from pipelines.submissions.suggesting import Suggester, word_to_answer

NOTHING = ""
WORD_KINDS = {"headers": "Column", "cities": "City", "indicators": "Indicator", "units": "Unit"}
CAUSE_WORDS = {
    "scale": "Cells that show thousands or millions of what they store",
    "digits": "Cells whose format adds digits",
    "sign": "Cells that show another sign than they store",
    "mark": "Numbers shown as a mark or as nothing",
    "year": "Years in cells that show a day",
    "hidden": "Hidden rows, columns or cells",
    "lost_format": "Figures without the format of their neighbours",
    "short_year": "Dates that show two digits of their year",
}
MAX_WORDS = 15
MAX_CELLS = 100
ANSWERED_ELSEWHERE = ("headers_are_known", "nothing_is_hidden", "percent_column_is_no_fraction")


def ask_reading(answers: Answers, *, key: str) -> Answers | None:
    """Ask how the whole file is to be read; returns new answers when the form was sent."""
    registry = load_registry(Settings().contracts_dir)
    names = {r["indicator_code"]: f"{r['name_en']} · {r['indicator_code']}" for r in registry["indicators"]}
    with st.form(f"reading-{key}", border=False):
        left, middle, right = st.columns(3)
        decimal = left.selectbox(
            "Decimal sign", ["", ".", ","], index=["", ".", ","].index(answers.decimal_sign), format_func=lambda s: s or "decided from the file"
        )
        orders = {"": "decided from the file", "dmy": "day first", "mdy": "month first"}
        order = middle.selectbox("Dates", list(orders), index=list(orders).index(answers.date_order), format_func=orders.__getitem__)
        encoding = right.text_input("Encoding", value=answers.encoding, placeholder="decided from the file")
        st.caption("What the whole table is about, where the file does not say it:")
        first, second, third = st.columns(3)
        codes = ["", *names]
        chosen = answers.constants.get("indicator", "")
        indicator = first.selectbox(
            "Indicator", codes, index=codes.index(chosen) if chosen in codes else 0, format_func=lambda c: names.get(c, "said by the file")
        )
        period = second.text_input("Period", value=answers.constants.get("period", ""), placeholder="said by the file")
        unit = third.text_input("Unit", value=answers.constants.get("unit", ""), placeholder="said by the file")
        city = first.text_input("City", value=answers.constants.get("city", ""), placeholder="said by the file")
        all_columns = second.checkbox("Leave out every column that is not known", value=EVERYTHING_ELSE in answers.headers)
        all_cities = third.checkbox("Leave out every city that is not in the register and not like one of yours", value=EVERYTHING_ELSE in answers.cities)
        if not st.form_submit_button("Read again"):
            return None
    constants = {k: v.strip() for k, v in (("indicator", indicator), ("period", period), ("unit", unit), ("city", city)) if v.strip()}
    kept = {k: v for k, v in answers.constants.items() if k not in ("indicator", "period", "unit", "city")}
    headers = {k: v for k, v in answers.headers.items() if k != EVERYTHING_ELSE} | ({EVERYTHING_ELSE: IGNORED} if all_columns else {})
    cities = {k: v for k, v in answers.cities.items() if k != EVERYTHING_ELSE} | ({EVERYTHING_ELSE: IGNORED} if all_cities else {})
    return replace(answers, decimal_sign=decimal, date_order=order, encoding=encoding.strip(), constants={**kept, **constants}, headers=headers, cities=cities)


def unknown_words(report: CheckReport) -> list[tuple[str, str, Finding, int]]:
    """Each unknown word once: kind of answer, the word, its first finding, how often it stands there."""
    found: dict[tuple[str, str], tuple[Finding, int]] = {}
    for finding in report.findings:
        if (asked := word_to_answer(finding.rule_id, finding.found)) is not None:
            first, n = found.get(asked, (finding, 0))
            found[asked] = (first, n + 1)
    return [(kind, word, first, n) for (kind, word), (first, n) in found.items()]


def _at_least(report: CheckReport) -> str:
    """What stands before a number of places where not every finding is listed."""
    return "" if report.lists_all else "at least "


def ask_words(report: CheckReport, answers: Answers, *, key: str) -> Answers | None:
    """Ask what unknown words mean; a suggestion counts only once a person chose it."""
    words = unknown_words(report)
    if not words:
        return None
    registry = load_registry(Settings().contracts_dir)
    everything = {
        "indicators": [r["indicator_code"] for r in registry["indicators"]],
        "units": [r["unit_code"] for r in registry["units"]],
        "cities": [r["city_code"] for r in registry["cities"] if r["member_code"] == report.receipt.member_code],
    }
    everything["headers"] = [
        "city",
        "country",
        "indicator",
        "period",
        "value",
        "unit",
        "numerator",
        "denominator",
        "boundary",
        "definition",
        "quality",
        "source",
        "comment",
        "standard_error",
        *SOURCE_FIELD_ROLES,
        *everything["indicators"],
    ]
    chosen: dict[str, dict[str, str]] = {kind: dict(getattr(answers, kind)) for kind in WORD_KINDS}
    with st.form(f"words-{key}", border=False):
        for number, (kind, word, first, n) in enumerate(words[:MAX_WORDS]):
            likely = {s.target: f"{s.word} ({s.confidence} %)" for s in first.suggestions}
            options = [NOTHING, *likely, *([IGNORED] if kind != "units" else []), *(c for c in everything[kind] if c not in likely)]
            spell = {NOTHING: "choose …", IGNORED: "leave it out", **{t: f"{t} · {w}" for t, w in likely.items()}}
            label = f"{WORD_KINDS[kind]} {plain(word)} ({_at_least(report)}{n}×, {plain(first.place or 'whole file')})"
            answer = st.selectbox(label, options, format_func=lambda t, s=spell: s.get(t, t), key=f"word-{key}-{number}")
            if answer:
                chosen[kind][word] = answer
        if len(words) > MAX_WORDS:
            st.caption(f"{len(words) - MAX_WORDS} more words follow once these are answered.")
        if not st.form_submit_button("Use these meanings"):
            return None
    return replace(answers, **chosen)


def ask_readings(report: CheckReport, answers: Answers, *, key: str) -> Answers | None:
    """Ask once per cause how cells that store one thing and show another are read; one answer serves the whole file."""
    asked: dict[str, tuple[Finding, int]] = {}
    for finding in report.findings:
        for cause in {s.about for s in finding.suggestions if s.answer == "cell_readings"}:
            first, n = asked.get(cause, (finding, 0))
            asked[cause] = (first, n + 1)
    causes = dict.fromkeys([*asked, *answers.cell_readings])
    if not causes:
        return None
    chosen = dict(answers.cell_readings)
    with st.form(f"readings-{key}", border=False):
        for cause in causes:
            spell = {NOTHING: "choose …", **{s.target: s.word for s in Suggester.for_cause(cause)}}
            options = list(spell)
            found = asked.get(cause)
            where = f"({_at_least(report)}{found[1]}×, {plain(found[0].place or 'whole file')}: {plain(found[0].found)})" if found else "(answered)"
            index = options.index(chosen.get(cause, NOTHING))
            label = f"{CAUSE_WORDS[cause]} {where}"
            reading = st.selectbox(label, options, index=index, format_func=lambda t, s=spell: s[t], key=f"reading-{key}-{cause}")
            chosen.pop(cause, None)
            if reading:
                chosen[cause] = reading
        if not st.form_submit_button("Read these cells so"):
            return None
    return replace(answers, cell_readings=chosen)


def ask_cells(report: CheckReport, answers: Answers, *, key: str) -> Answers | None:
    """Offer every failing cell for correction or explanation; what was written stays in the log."""
    cells: dict[str, Finding] = {}
    for finding in report.findings:
        if finding.place and finding.severity is not Severity.NOTE and finding.rule_id not in ANSWERED_ELSEWHERE:
            cells.setdefault(finding.place, finding)
    if not cells:
        return None
    shown = dict(list(cells.items())[:MAX_CELLS])
    with st.form(f"cells-{key}", border=False):
        edited = st.data_editor(
            {
                "Cell": list(shown),
                "What": [f.what for f in shown.values()],
                "Found": [f.found for f in shown.values()],
                "Suggested": ["; ".join(s.target for s in f.suggestions if s.answer == "corrections") for f in shown.values()],
                "Corrected": [answers.corrections.get(place, "") for place in shown],
                "Explanation": [answers.explanations.get(place, "") for place in shown],
            },
            hide_index=True,
            disabled=["Cell", "What", "Found", "Suggested"],
            key=f"editor-{key}",
            height=min(420, 36 + 35 * len(shown)),
        )
        if len(cells) > MAX_CELLS:
            st.caption(f"The first {MAX_CELLS} of {len(cells)} cells; the marked workbook holds all.")
        if not st.form_submit_button("Apply to these cells"):
            return None
    corrections, explanations = dict(answers.corrections), dict(answers.explanations)
    for place, corrected, explanation in zip(edited["Cell"], edited["Corrected"], edited["Explanation"], strict=True):
        if text := (corrected or "").strip():
            corrections[place] = text
        else:
            corrections.pop(place, None)
        if (explanation or "").strip() and shown[place].severity is Severity.WARNING:
            explanations[place] = explanation.strip()
        else:
            explanations.pop(place, None)
    return replace(answers, corrections=corrections, explanations=explanations)
