"""The workflow file: YAML text to a workflow, or to all its mistakes at once.

A file with any mistake gives no workflow: half a workflow that passes for a whole one would judge wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final, TypeVar

from outrider.kernel.limits import WORKFLOW_ITEMS
from outrider.plan.workflow.checks import Problem, check_workflow
from outrider.plan.workflow.mistakes import did_you_mean, shown
from outrider.plan.workflow.model import Limits, Mistake, Order, Rule, Step, Workflow
from outrider.plan.workflow.node_reading import Place, Taker, TooManyError, is_name
from outrider.plan.workflow.order_text import read_order
from outrider.plan.workflow.positions import ListNode, MapNode, Node, TextNode, read_nodes
from outrider.plan.workflow.rule_text import BEGINNINGS, read_rule
from outrider.plan.workflow.scanner import Reading
from outrider.plan.workflow.step_reading import read_limits, read_mode, read_step, unique_pairs

KEYS: Final = ("skill", "steps", "order", "rules", "limits", "mode")
RULE_KEYS: Final = ("rule", "mode", "why", "by")
STEP_LIMITS: Final = ("steps.", ".limits")

Value = TypeVar("Value")


def read_workflow(
    text: str, words: Collection[str], *, path_hint: str = "", needs_skill: bool = True
) -> tuple[Workflow | None, tuple[Mistake, ...]]:
    """Read a workflow file; the workflow is None when there is any mistake.

    ``words`` are the known activity names. ``path_hint`` is where the file lies; it only serves to suggest
    the skill's name where that is missing. Without ``needs_skill`` a file may be about none.
    """
    root = read_nodes(text)
    if isinstance(root, Mistake):
        return None, (root,)
    reader = _File(Taker(), frozenset(words), path_hint, needs_skill)
    try:
        workflow = reader.workflow(root)
    except TooManyError:
        workflow = None
    mistakes = reader.taker.sorted_mistakes()
    return (None if mistakes else workflow), mistakes


class _File:
    """Reads one file; remembers where every part stands, for the checks of the whole."""

    def __init__(self, taker: Taker, words: frozenset[str], path_hint: str, needs_skill: bool) -> None:
        self._needs_skill = needs_skill
        self.taker = taker
        self._words = words
        self._path_hint = path_hint
        self._places: dict[tuple[str, str], Place] = {("workflow", ""): Place(1, 1)}
        self._spoiled: set[tuple[str, str]] = set()
        self._steps_unread = False

    def workflow(self, root: Node) -> Workflow | None:
        """Read the whole file."""
        pairs = unique_pairs(self.taker, root, "a workflow file", "begin with `skill: NAME`")
        if pairs is None:
            return None
        found = {key.text: (key, value) for key, value in pairs}
        whole = Workflow(
            skill=self._skill(found),
            steps=self._steps(found),
            limits=self._limits(found),
            mode=self._of(found, "mode", lambda node: read_mode(self.taker, node)) or "observe",
        )
        names = None if self._steps_unread else [step.name for step in whole.steps]
        order = self._of(found, "order", lambda node: self._order(node, names))
        rules = self._of(found, "rules", self._rules) or ()
        self._refuse_unknown_keys(found)
        node = found["order"][1] if order else None
        order_text = " ".join(node.text.split()) if isinstance(node, TextNode) else ""
        whole = replace(whole, order=order, order_text=order_text, rules=rules)
        self._check(whole)
        return whole

    def _of(
        self, found: dict[str, tuple[TextNode, Node]], key: str, read: Callable[[Node], Value | None]
    ) -> Value | None:
        """Read the value of a key, if it is there; remember where it stands, and whether it had mistakes."""
        if key not in found:
            return None
        self._places[(key, "")] = Place(found[key][1].line, found[key][1].column)
        before = self.taker.count
        value = read(found[key][1])
        if self.taker.count > before:
            self._spoiled.add((key, ""))
        return value

    def _skill(self, found: dict[str, tuple[TextNode, Node]]) -> str:
        if "skill" not in found:
            if not self._needs_skill:
                return ""
            hint = _skill_of(self._path_hint)
            message = "the file does not say which skill it is about"
            self.taker.add(Place(1, 1), "missing-key", message, f"add `skill: {hint or 'NAME'}`")
            return ""
        return self._of(found, "skill", lambda node: self.taker.name(node, "skill")) or ""

    def _steps(self, found: dict[str, tuple[TextNode, Node]]) -> tuple[Step, ...]:
        steps = self._of(found, "steps", self._listed_steps) or ()
        by_name = {step.name: step for step in steps}
        for text, (key, value) in found.items():
            name = text[len(STEP_LIMITS[0]) : -len(STEP_LIMITS[1])]
            if not _is_step_limits(text) or (self._steps_unread and name not in by_name):
                continue
            if name not in by_name:
                nearest = did_you_mean(name, by_name) or "describe it under `steps`"
                self.taker.at(key, "unknown-step", f"{shown(name)} is no step of this workflow", nearest)
            elif by_name[name].limits != Limits():
                message = f"the limits of `{name}` stand under `steps` as well"
                self.taker.at(key, "duplicate-key", message, "keep them in one place")
            else:
                limits = read_limits(self.taker, value, self._places, f"{name}.")
                by_name[name] = replace(by_name[name], limits=limits)
        return tuple(by_name.values())

    def _listed_steps(self, node: Node) -> tuple[Step, ...]:
        pairs = unique_pairs(
            self.taker, node, "`steps`", "write `steps:` and below it `  NAME: { evidence: [...] }`"
        )
        if pairs is None or not self._within_bounds(node, len(pairs), "steps"):
            self._steps_unread = True
            return ()
        steps = []
        for key, value in pairs:
            before = self.taker.count
            self._places[("step", key.text)] = Place(key.line, key.column)
            self.taker.name(key, "step")
            steps.append(read_step(self.taker, key, value, self._words, self._places))
            if self.taker.count > before:
                self._spoiled.add(("step", key.text))
        return tuple(steps)

    def _limits(self, found: dict[str, tuple[TextNode, Node]]) -> Limits:
        return (
            self._of(found, "limits", lambda node: read_limits(self.taker, node, self._places, ""))
            or Limits()
        )

    def _order(self, node: Node, names: list[str] | None) -> Order | None:
        text = self.taker.text(node, "an order", "write `order: first > second > third?`")
        return self._read(text, read_order(text.text, names)) if text else None

    def _rules(self, node: Node) -> tuple[Rule, ...]:
        if not isinstance(node, ListNode):
            self.taker.wrong(node, "`rules`", "a list", "begin each rule with `- `")
            return ()
        if not self._within_bounds(node, len(node.items), "rules"):
            return ()
        rules: list[Rule] = []
        for item in node.items:
            rule = self._mapped_rule(item) if isinstance(item, MapNode) else self._rule(item)
            if rule:
                self._places[("rule", str(len(rules)))] = Place(item.line, item.column)
                rules.append(rule)
        return tuple(rules)

    def _mapped_rule(self, node: MapNode) -> Rule | None:
        first = node.pairs[0][0].text.split(" ")[0] if node.pairs else ""
        if first in BEGINNINGS:
            message = "YAML reads a text with `: ` as a mapping"
            self.taker.at(node, "wrong-type", message, "put the rule in quotes")
            return None
        pairs = unique_pairs(self.taker, node, "a rule", "") or ()
        found = {key.text: value for key, value in pairs}
        for key, _ in pairs:
            if key.text not in RULE_KEYS:
                self.taker.unknown_key(key, RULE_KEYS, "a rule")
        if "rule" not in found:
            self.taker.at(node, "missing-key", "this rule has no text", "add `rule: never git.push to main`")
        rule = self._rule(found["rule"]) if "rule" in found else None
        mode = read_mode(self.taker, found["mode"]) if "mode" in found else None
        why = self.taker.text(found["why"], "a reason", "write one sentence") if "why" in found else None
        by = self.taker.name(found["by"], "skill") if "by" in found else ""
        return rule and replace(rule, mode=mode, why=why.text.strip() if why else "", by=by)

    def _rule(self, node: Node) -> Rule | None:
        text = self.taker.text(node, "a rule", "write it as one text: `- never git.push to main`")
        rule = self._read(text, read_rule(text.text, self._words)) if text else None
        return rule and replace(rule, line=node.line)

    def _read(self, node: TextNode, reading: Reading[Value]) -> Value | None:
        self.taker.take_over(node, reading.mistakes)
        return reading.value

    def _within_bounds(self, node: Node, number: int, what: str) -> bool:
        if number > WORKFLOW_ITEMS:
            message = f"a workflow may have {WORKFLOW_ITEMS} {what}, this one has {number:,}"
            self.taker.at(node, "too-many", message, "split the workflow")
        return number <= WORKFLOW_ITEMS

    def _refuse_unknown_keys(self, found: dict[str, tuple[TextNode, Node]]) -> None:
        for text, (key, _) in found.items():
            if text not in KEYS and not _is_step_limits(text):
                self.taker.unknown_key(key, (*KEYS, "steps.NAME.limits"), "a workflow file")

    def _check(self, workflow: Workflow) -> None:
        for problem in check_workflow(workflow):
            if not self._follows_from_another(problem):
                place = self._places.get((problem.part, problem.key)) or self._places[(problem.part, "")]
                self.taker.add(place, problem.slug, problem.message, problem.suggestion)

    def _follows_from_another(self, problem: Problem) -> bool:
        if problem.slug == "says-nothing":
            return self.taker.count > 0
        if problem.slug == "step-without-evidence":
            return ("step", problem.key) in self._spoiled
        return problem.slug in ("step-not-in-order", "repeated-step") and ("order", "") in self._spoiled


def _is_step_limits(key: str) -> bool:
    before, after = STEP_LIMITS
    return key.startswith(before) and key.endswith(after) and len(key) > len(before) + len(after)


def _skill_of(path: str) -> str:
    """Guess a skill from where its workflow lies: `.../SKILL/workflow.yaml` or `workflows/SKILL.yaml`."""
    parts = [part for part in path.replace("\\", "/").split("/") if part]
    if not parts:
        return ""
    stem = parts[-1].rpartition(".")[0]
    if stem == "workflow":
        stem = parts[-2] if len(parts) > 1 else ""
    return stem if is_name(stem, "skill") else ""
