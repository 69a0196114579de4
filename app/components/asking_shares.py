"""Ask once for each indicator how its shares are written: as shares of one, or in per cent.

Belongs here: that question and its answer. Does not belong here: noticing it (intake/shares), other questions (answering).
"""

from dataclasses import replace

import streamlit as st

from app.components.words import plain
from pipelines.domain.answers import Answers
from pipelines.domain.findings import CheckReport, Finding

CHOOSE = "choose …"


def asked_shares(report: CheckReport, answers: Answers) -> dict[str, Finding]:
    """Each indicator that is asked about, with its finding."""
    asked = {s.about: f for f in report.findings for s in f.suggestions if s.answer == "shares"}
    return {code: f for code, f in asked.items() if code not in answers.shares}


def ask_shares(report: CheckReport, answers: Answers, *, key: str) -> Answers | None:
    """Ask about shares; nothing is chosen beforehand. Returns new answers when the form was sent."""
    asked = asked_shares(report, answers)
    if not asked and not answers.shares:
        return None
    chosen = dict(answers.shares)
    with st.form(f"shares-{key}", border=False):
        for number, code in enumerate([*asked, *answers.shares]):
            finding = asked.get(code)
            words = {s.target: s.word for s in finding.suggestions} if finding else {"fraction": "shares of one", "percent": "really per cent"}
            options = [CHOOSE, *words]
            label = f"{plain(finding.found)} ({plain(finding.place)})" if finding else f"{plain(code)}, as answered"
            before = chosen.get(code, CHOOSE)
            answer = st.selectbox(label, options, index=options.index(before), format_func=lambda t, w=words: w.get(t, t), key=f"shares-{key}-{number}")
            chosen.pop(code, None)
            if answer != CHOOSE:
                chosen[code] = answer
        if not st.form_submit_button("Read these shares so"):
            return None
    return replace(answers, shares=chosen)
