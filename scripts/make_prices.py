"""Write the price table that ships with the package, from the data of the genai-prices package.

    uv run --with genai-prices scripts/make_prices.py            # writes prices.json
    uv run --with genai-prices scripts/make_prices.py --check    # says whether it is current

genai-prices (MIT) is needed here alone, never at run time. The same version of it gives the same bytes:
the date in the header moves only when a row or the version does.

How its data become rows (the format is described in ``outrider.judge.metrics.price_rows``):

- Its prices are USD per million tokens, USD per thousand searches. Its tiers are whole-request tiers.
- A start date begins a new row. A daily window becomes a row of its own, which wins over the others; its
  data cannot date a window, so a window holds from the model's latest start date on.
- It prices a cache token that has no price of its own as the next wider kind: a 1-hour write as a write,
  a write or a read as input. So does the row, and names the field in ``derived``. An Anthropic model's
  1-hour write without a price is twice its input, by Anthropic's published rule.
- Names are the exact ones and the prefixes by which it knows a model, where it finds that model by them.
- Anything else it may say one day (another unit or condition) ends this script with an error.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from genai_prices.data import providers
from genai_prices.types import (
    ClauseEquals,
    ClauseOr,
    ClauseStartsWith,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

TARGET = Path(__file__).parents[1] / "src/outrider/judge/metrics/prices.json"

WANTED = {
    "anthropic": r"claude-",
    "deepseek": r"deepseek-",
    "google": r"gemini-(2\.5|[3-9])",
    "minimax": r"minimax-m",
    "moonshotai": r"kimi-",
    "openai": r"gpt-(4\.1|4o|[5-9])|o[134]\b|codex",
    "openrouter": r"qwen/qwen3(-coder|-max|\.\d)",
    "zai": r"glm-",
}
"""Whose list says which models' prices. Qwen's own vendor is not in the data: OpenRouter's price stands."""

NOT_CHAT = re.compile(r"audio|embedding|image|live|ocr|omni|realtime|search|transcribe|tts|:")

NOTES = (
    "Prices are nano-USD per token (1 USD per million tokens is 1000), or per 'per' tokens.",
    "Vendors' list prices for single requests: no batch, fast mode, regional surcharge or discount.",
    "DeepSeek's off-peak weekends and holidays are not told apart: its peak hours are an upper bound there.",
    "A model's daily windows hold from its latest start date on; before it, its rows hold all day.",
)

KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write_5m": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
}
SEARCH = "web_searches_kcount"
IGNORED = re.compile(r"storage_searches_kcount|.*(audio|image|video).*")
"""Prices of what a coding session does not use."""

Rates = dict[str, Decimal]


@dataclass(frozen=True)
class Span:
    """A price with the dates or the hours in which it holds."""

    price: ModelPrice
    since: str = ""
    until: str = ""
    daily: tuple[str, ...] = ()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the shipped price table.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if it differs")
    arguments = parser.parse_args()
    old = TARGET.read_text("utf-8") if TARGET.exists() else ""
    text = table_text(old)
    if arguments.check:
        print("current" if text == old else "differs")
        return int(text != old)
    TARGET.write_text(text, "utf-8")
    print(f"{len(json.loads(text)['rows'])} rows in {TARGET.name}")
    return 0


def table_text(old: str) -> str:
    """Return the text of the table; a row stands on one line, so that a release's changes can be read."""
    header = json.loads(old) if old else {}
    today = datetime.now(UTC).date().isoformat()
    text = written(header.get("generated", today))
    return text if text == old else written(today)


def written(day: str) -> str:
    rows = sorted(
        (row for provider in providers for row in provider_rows(provider)),
        key=lambda row: (row["model"], row.get("from", ""), row.get("daily", [])),
    )
    head = {
        "format": 1,
        "generated": day,
        "genai_prices": version("genai-prices"),
        "notes": NOTES,
    }
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=True) for row in rows)
    return json.dumps(head, indent=2)[:-2] + ',\n  "rows": [\n' + lines + "\n  ]\n}\n"


def provider_rows(provider: Provider) -> Iterator[dict[str, Any]]:
    wanted = WANTED.get(provider.id)
    for model in provider.models if wanted else ():
        name = model.id.lower()
        if re.match(str(wanted), name) and not NOT_CHAT.search(name):
            yield from model_rows(provider, model)


def model_rows(provider: Provider, model: ModelInfo) -> Iterator[dict[str, Any]]:
    names = model_names(provider, model)
    for span in spans(model):
        if span.price.input_mtok is None and span.price.output_mtok is None:
            print(f"no token price: {provider.id} {model.id}", file=sys.stderr)
            continue
        try:
            prices = price_fields(span.price, provider.id == "anthropic")
        except ValueError as error:
            raise SystemExit(f"{provider.id} {model.id}: {error}") from error
        row = {"model": names[0], "names": names[1:], "from": span.since, "until": span.until}
        row |= {"daily": list(span.daily)} | prices | {"source": provider.id}
        yield {key: value for key, value in row.items() if value not in ("", [])}


def model_names(provider: Provider, model: ModelInfo) -> list[str]:
    """Return the lower-case names of a model without a relay's vendor path, its id first."""
    found = {model.id: 0} | dict.fromkeys(clause_names(model.match), 0)
    known = [name for name in found if provider.find_model(name) is model]
    names = list(dict.fromkeys(name.lower().rpartition("/")[2] for name in known))
    if not names:
        raise SystemExit(f"{provider.id} {model.id}: not found by its own id")
    return [names[0], *sorted(names[1:])]


def clause_names(clause: object) -> Iterator[str]:
    if isinstance(clause, ClauseOr):
        for part in clause.or_:
            yield from clause_names(part)
    elif isinstance(clause, ClauseEquals):
        yield clause.equals
    elif isinstance(clause, ClauseStartsWith) and not re.search(r"[-@.]$|-20\d\d$", clause.starts_with):
        yield clause.starts_with


def spans(model: ModelInfo) -> list[Span]:
    """Return the prices in time; the data try theirs from last to first, windows being the last."""
    if isinstance(model.prices, ModelPrice):
        return [Span(model.prices)]
    base, *conditional = model.prices
    dated = [each for each in conditional if isinstance(each.constraint, StartDateConstraint)]
    daily = [each for each in conditional if isinstance(each.constraint, TimeOfDateConstraint)]
    if base.constraint is not None or conditional != [*dated, *daily]:
        raise SystemExit(f"{model.id}: conditions in an order that is not known")
    starts = ["", *(start(each) for each in dated)]
    if starts != sorted(set(starts)):
        raise SystemExit(f"{model.id}: start dates do not rise")
    found = [
        Span(each.prices, since, until)
        for each, since, until in zip([base, *dated], starts, [*starts[1:], ""], strict=True)
    ]
    return merged_equal(found) + [Span(each.prices, starts[-1], "", hours(each)) for each in daily]


def merged_equal(found: list[Span]) -> list[Span]:
    """Join neighbours with one price, which the data split for a condition that we do not have."""
    joined = found[:1]
    for span in found[1:]:
        if joined[-1].price == span.price:
            joined[-1] = Span(span.price, joined[-1].since, span.until)
        else:
            joined.append(span)
    return joined


def start(conditional: ConditionalPrice) -> str:
    assert isinstance(conditional.constraint, StartDateConstraint)
    return conditional.constraint.start_date.isoformat()


def hours(conditional: ConditionalPrice) -> tuple[str, str]:
    assert isinstance(conditional.constraint, TimeOfDateConstraint)
    return clock(conditional.constraint.start_time), clock(conditional.constraint.end_time)


def clock(moment: time) -> str:
    if moment.tzinfo not in (None, UTC) or moment.second or moment.microsecond:
        raise SystemExit(f"{moment}: not a whole minute in UTC")
    return f"{moment:%H:%M}"


def price_fields(price: ModelPrice, anthropic: bool) -> dict[str, Any]:
    """Return the fields of a row that are prices."""
    known = {*KEYS.values(), SEARCH}
    given = {key for key, value in vars(price).items() if value is not None}
    if strange := [key for key in given - known if not IGNORED.fullmatch(key)]:
        raise ValueError(f"unknown price {strange[0]}")
    starts = sorted({tier.start for key in KEYS.values() for tier in tiers(getattr(price, key))})
    base = rates(price, 0, anthropic)
    above = [{"prompt_tokens": each} | rates(price, each, anthropic) for each in starts]
    per = 1 if all(whole(tier, 1000) for tier in [base, *above]) else 1000
    if not all(whole(tier, 1000 * per) for tier in [base, *above]):
        raise ValueError("a price is no whole nano-USD per thousand tokens")
    found: dict[str, Any] = {"per": per} if per != 1 else {}
    found |= scaled(base, per)
    search = getattr(price, SEARCH)
    found["web_search_1000"] = None if search is None else exact(search * 10**9)
    found["above"] = [scaled(tier, per) for tier in above]
    found["derived"] = [name for name, key in KEYS.items() if key not in given]
    return found


def rates(price: ModelPrice, threshold: int, anthropic: bool) -> Rates:
    """Return USD per million tokens for a prompt just above ``threshold`` tokens."""
    found = {name: at(getattr(price, key), threshold) for name, key in KEYS.items()}
    fresh, output = found["input"], found["output"]
    if fresh is None or output is None:
        raise ValueError("a price for input or output alone")
    write = fresh if found["cache_write_5m"] is None else found["cache_write_5m"]
    hour = 2 * fresh if anthropic else write
    missing = {"cache_read": fresh, "cache_write_5m": write, "cache_write_1h": hour}
    return {name: missing[name] if value is None else value for name, value in found.items()}


def tiers(value: Decimal | TieredPrices | None) -> list[Any]:
    return value.tiers if isinstance(value, TieredPrices) else []


def at(value: Decimal | TieredPrices | None, threshold: int) -> Decimal | None:
    if not isinstance(value, TieredPrices):
        return value
    reached = [tier.price for tier in value.tiers if 0 < tier.start <= threshold]
    return reached[-1] if reached else value.base


def whole(tier: dict[str, Any], scale: int) -> bool:
    return all(tier[name] * scale == int(tier[name] * scale) for name in KEYS)


def scaled(tier: dict[str, Any], per: int) -> dict[str, int]:
    return {name: exact(value * 1000 * per) if name in KEYS else value for name, value in tier.items()}


def exact(value: Decimal) -> int:
    if value != int(value):
        raise ValueError(f"{value} is not whole")
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
