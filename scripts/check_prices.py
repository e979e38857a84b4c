"""List where the shipped price table and LiteLLM's differ for Claude models, before a release.

    pip download --no-deps litellm
    python scripts/check_prices.py litellm-*.whl          # the vendor's own names
    python scripts/check_prices.py litellm-*.whl --all    # clouds and relays as well

LiteLLM's JSON has today's prices alone, so ours are those of today. A difference is to be judged by a
person with the vendor's page; neither source is right by itself. Regional endpoints of clouds cost more
than the vendor's list, which our table leaves out on purpose.
"""

import argparse
import json
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from outrider.judge.metrics.price_rows import Price, Rates
from outrider.judge.metrics.pricing import PriceTable

SHIPPED = Path(__file__).parents[1] / "src/outrider/judge/metrics/prices.json"
MEMBER = "litellm/model_prices_and_context_window_backup.json"
KINDS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write_5m": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
}
TIER = re.compile(r"_above_(\d+)k_tokens$")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the price table with LiteLLM's.")
    parser.add_argument("litellm", type=Path, help="LiteLLM's wheel or its JSON file")
    parser.add_argument("--all", action="store_true", help="clouds and relays as well")
    arguments = parser.parse_args()
    table = PriceTable.from_json(SHIPPED.read_text("utf-8"))
    theirs = {
        name: entry
        for name, entry in read(arguments.litellm).items()
        if "claude" in name and (arguments.all or entry.get("litellm_provider") == "anthropic")
    }
    found = 0
    for name, entry in sorted(theirs.items()):
        for line in differences(table, name, entry):
            found += 1
            print(line)
    known = {price.model for name in theirs for price in table.rows(name)}
    for model in sorted({price.model for price in table.prices if price.model.startswith("claude")}):
        if model not in known:
            print(f"{model}: not in LiteLLM")
    print(f"{len(theirs)} names compared, {found} differences")
    return int(bool(found))


def read(path: Path) -> dict[str, dict[str, Any]]:
    if path.suffix != ".whl":
        return dict(json.loads(path.read_text("utf-8")))
    with zipfile.ZipFile(path) as wheel:
        return dict(json.loads(wheel.read(MEMBER)))


def differences(table: PriceTable, name: str, entry: dict[str, Any]) -> Iterator[str]:
    now = time.time_ns() // 1_000_000
    ours = next((price for price in table.rows(name) if price.holds_at(now)), None)
    if ours is None:
        yield f"{name}: not in ours"
        return
    for threshold in sorted({0, *(each for each, _ in ours.above), *thresholds(entry)}):
        rates = at(ours, threshold)
        for kind in KINDS:
            mine, other = getattr(rates, kind) / ours.per, nano(entry, kind, threshold)
            if other is not None and mine != other:
                above = f" above {threshold}" if threshold else ""
                yield f"{name}: {kind}{above}: ours {mine:g}, LiteLLM {other:g}"
            if other is None and not threshold:
                yield f"{name}: {kind}: LiteLLM has none, ours {mine:g}"
    context = entry.get("search_context_cost_per_query", {}).get("search_context_size_medium")
    search = None if context is None else round(context * 10**9)
    if search != ours.web_search:
        yield f"{name}: web_search: ours {ours.web_search}, LiteLLM {search}"


def thresholds(entry: dict[str, Any]) -> set[int]:
    return {int(found[1]) * 1000 for key in entry if (found := TIER.search(key))}


def at(price: Price, threshold: int) -> Rates:
    rates = price.rates
    for start, tier in price.above:
        if start <= threshold:
            rates = tier
    return rates


def nano(entry: dict[str, Any], kind: str, threshold: int) -> float | None:
    """Return LiteLLM's price in nano-USD per token; where it has no such tier, its price without."""
    plain = entry.get(KINDS[kind])
    value = entry.get(f"{KINDS[kind]}_above_{threshold // 1000}k_tokens", plain)
    return None if value is None else round(float(value) * 10**9, 6)


if __name__ == "__main__":
    sys.exit(main())
