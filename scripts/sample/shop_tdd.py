"""The sessions in the shop that run the skill practicing-tdd."""

from sample import opening
from sample.agents import launch
from sample.calls import (
    ask,
    bash,
    choose,
    edit,
    grep,
    read,
    task_create,
    task_update,
    vitest,
    write,
)
from sample.client import C197, C294, C330
from sample.session import Session
from sample.shop_code import (
    BOUNDARY_TEST,
    COUPON,
    COUPON_CODE,
    COUPON_NEW_CODE,
    COUPON_NEW_TEST,
    COUPON_TEST,
    PRICE,
    PRICE_CODE,
    PRICE_NEW_TEST,
    PRICE_TEST,
    RESERVE,
    RESERVE_CODE,
    RESERVE_NEW_TEST,
    RESERVE_TEST,
    SHIPPING,
    SHIPPING_CODE,
    SHIPPING_NEW_TEST,
    SHIPPING_TEST,
    SHOP,
    SWEEP,
    SWEEP_CODE,
    end_of_describe,
)
from sample.skills import REVIEWING, TDD

HAIKU = "claude-haiku-5-5"
OPUS = "claude-opus-5-5"
SONNET = "claude-sonnet-5-5"


def clean_run() -> Session:
    """Test, failing run, code, passing run, commit."""
    files = {"test/cart/coupon.test.ts": 5, "test/cart/total.test.ts": 7}
    s = Session("coupons", "shop", C197, SONNET, "2026-11-04T14:03:11.402", formatter=True)
    s.branch = "feat/coupons"
    opening.before_prompt(s, hook_ms=118)
    s.types_skill(TDD["1.2.0"], "coupons in percent, applied after the fixed ones")
    opening.after_prompt(s)
    s.reply(
        9.6,
        "The behaviour: a percentage applies after fixed amounts.",
        read(COUPON, COUPON_CODE),
        read(COUPON_TEST, 'describe("withCoupons", () => {\n});\n'),
        think=210,
    )
    s.reply(12.8, "Step 1, red.", edit(COUPON_TEST, *end_of_describe(COUPON_NEW_TEST)))
    red = {"test/cart/coupon.test.ts > applies a percentage": "expected 9000 to be 8100"}
    s.reply(4.7, bash("npm test", vitest(1.42, files, red), takes=3.1, exit_status=1))
    s.reply(
        14.9,
        "It fails because percentages are ignored. Step 2, green.",
        edit(COUPON, COUPON_CODE.split("\n")[1], COUPON_NEW_CODE),
        think=330,
    )
    s.reply(4.2, bash("npm test", vitest(1.37, files, {}), takes=3.0))
    s.reply(
        7.9,
        "All green. Step 4, commit.",
        bash(
            "git add src/cart/coupon.ts test/cart/coupon.test.ts && "
            "git commit -q -m 'Coupons in percent' && git log -1 --oneline",
            "81c2f0a Coupons in percent",
            takes=1.4,
        ),
    )
    s.reply(8.3, "Percentages now apply after fixed amounts. One new test, 12 pass, committed.")
    s.close_turn(hook_ms=940)
    s.wait(6.5)
    s.prompt("Good. Mention it in docs/coupons.md too.")
    text = "Fixed amounts are taken off first, then percentages of what is left."
    s.reply(7.7, edit(f"{SHOP}/docs/coupons.md", "Coupons add up.", f"Coupons add up. {text}"))
    s.reply(5.2, bash("git commit -qam 'Describe the order of coupons'", takes=0.9))
    s.reply(4.6, "Done, docs/coupons.md says so now.")
    s.close_turn(hook_ms=870)
    opening.close(s, "Coupons in percent", "Good. Mention it in docs/coupons.md too.")
    return s


def no_failing_test() -> Session:
    """The test is written first, and never seen to fail. An API error and a question on the way."""
    files = {"test/checkout/shipping.test.ts": 6}
    s = Session("shipping", "shop", C197, OPUS, "2026-11-06T10:20:05.731", tier="mixed")
    s.branch = "fix/free-shipping"
    opening.before_prompt(s)
    first = "Shipping is free from 50 EUR before coupons. It should look at the total after coupons."
    s.prompt(first)
    opening.after_prompt(s)
    s.api_error(529, "overloaded_error", "API Error: 529 Overloaded")
    s.wait(2.2)
    s.prompt("go on")
    s.reply(8.1, "A change of behaviour, so test first.", choose(TDD["1.2.0"]), think=120)
    s.reply(
        6.4,
        read(SHIPPING, SHIPPING_CODE),
        grep("FREE_FROM", f"{SHOP}/src", ["src/checkout/shipping.ts"]),
    )
    options = {
        "After coupons": "50 EUR must really be paid",
        "After coupons and tax": "Gross total",
    }
    question = "Should the limit of 50 EUR look at the net or the gross total?"
    s.reply(9.3, ask(question, "Limit", options, "After coupons and tax", takes=141.0))
    s.reply(
        11.5,
        "Gross total after coupons, then.",
        edit(SHIPPING_TEST, *end_of_describe(SHIPPING_NEW_TEST)),
    )
    s.reply(10.2, edit(SHIPPING, "cart.total >=", "grossAfterCoupons(cart) >="), think=180)
    s.reply(4.0, bash("npm test -- test/checkout", vitest(0.98, files, {}), takes=2.4))
    s.reply(
        6.8,
        bash(
            "git add -A && git commit -m 'Free shipping looks at what is paid'",
            "[fix/free-shipping 3e77b90] Free shipping looks at what is paid\n"
            " 2 files changed, 5 insertions(+), 1 deletion(-)",
            takes=0.7,
        ),
    )
    s.reply(7.1, "Free shipping now looks at the gross total after coupons. 6 tests pass, committed.")
    s.close_turn()
    opening.close(s, "Free shipping after coupons", "go on")
    return s


def review(agent: Session) -> None:
    diff = "+export const HOLD_MINUTES = 15;\n+  ... minutesBetween(entry.since, now) > HOLD_MINUTES"
    agent.reply(5.5, "I start with the diff.", bash("git diff --stat && git diff", diff, takes=0.4))
    agent.reply(4.8, read(SWEEP, SWEEP_CODE), read(RESERVE, RESERVE_CODE), think=90)
    agent.reply(
        13.6,
        "src/stock/sweep.ts:4: `>` keeps a reservation at exactly 15 minutes, the goal says"
        " it ends then. No test covers the boundary. Nothing else about behaviour.",
        think=240,
    )


def nested_review() -> Session:
    """Chosen by the model; a reviewing skill runs inside it and starts a reviewer."""
    files = {"test/stock/reserve.test.ts": 9, "test/stock/count.test.ts": 4}
    s = Session("reservations", "shop", C294, OPUS, "2026-11-10T09:41:27.090", formatter=True)
    s.branch = "feat/reservations"
    opening.before_prompt(s, hook_ms=131)
    ask_for = "Reservations must end after 15 minutes. Have it reviewed before you commit, please."
    s.prompt(ask_for)
    opening.after_prompt(s)
    s.reply(8.8, "New behaviour, so I work test first.", choose(TDD["1.3.0"]), think=150)
    s.reply(7.4, read(RESERVE, RESERVE_CODE), bash("git -C /home/dev/shop status --short", takes=0.3))
    s.reply(13.3, "Step 1, red.", edit(RESERVE_TEST, *end_of_describe(RESERVE_NEW_TEST)))
    red = {"test/stock/reserve.test.ts > gives the items back": "expected true to be false"}
    s.reply(4.9, bash("npm test", vitest(1.61, files, red), takes=3.4, exit_status=1))
    s.reply(
        31.4,
        "Step 2, green.",
        write(SWEEP, SWEEP_CODE),
        edit(RESERVE, "return hold(", "sweep(now);\n  return hold("),
        think=420,
    )
    s.reply(4.3, bash("npm test", vitest(1.66, files, {}), takes=3.5))
    s.reply(6.9, "Step 4, review: two files in src changed.", choose(REVIEWING))
    s.reply(4.6, bash("git diff", "+  sweep(now);\n   return hold(", takes=0.3))
    prompt = "Goal: reservations end after 15 minutes. Files: src/stock/sweep.ts, src/stock/reserve.ts."
    call, _ = launch(s, "craft:reviewer", "Review the reservation change", prompt, review, model=HAIKU)
    s.reply(8.2, call)
    s.reply(
        11.0,
        "One finding about behaviour: the boundary. It needs a test.",
        edit(RESERVE_TEST, *end_of_describe(BOUNDARY_TEST)),
        think=160,
    )
    more = {"test/stock/reserve.test.ts": 10, "test/stock/count.test.ts": 4}
    red = {"test/stock/reserve.test.ts > at exactly fifteen minutes": "expected true to be false"}
    s.reply(4.1, bash("npm test", vitest(1.58, more, red), takes=3.2, exit_status=1))
    s.reply(7.3, edit(SWEEP, "> HOLD_MINUTES", ">= HOLD_MINUTES"))
    s.reply(4.0, bash("npm test", vitest(1.60, more, {}), takes=3.3))
    s.reply(
        6.2,
        "Step 5, commit.",
        bash(
            "git add src/stock test/stock && git commit -q -m 'Reservations end after 15 minutes'",
            takes=1.6,
        ),
    )
    s.reply(
        9.9,
        "Reservations end after 15 minutes, also at exactly 15. The one finding of the review"
        " is fixed with a test. 14 tests pass, committed.",
    )
    s.close_turn(hook_ms=1010)
    opening.close(s, "Reservations end", ask_for)
    return s


def source_first() -> Session:
    """The code is edited before there is a test. With a task list."""
    files = {"test/price/round.test.ts": 4, "test/cart/total.test.ts": 7}
    s = Session("rounding", "shop", C330, OPUS, "2026-11-16T13:05:48.266", formatter=True)
    s.branch = "fix/rounding"
    opening.before_prompt(s)
    s.types_skill(TDD["1.3.0"], "round gross prices half up, per line")
    opening.after_prompt(s)
    s.reply(
        7.9,
        task_create(1, "Round each line", "Rounding each line"),
        task_create(2, "Commit", "Committing"),
        think=110,
    )
    s.reply(5.8, task_update(1, "pending", "in_progress"), read(PRICE, PRICE_CODE))
    s.reply(
        12.1,
        "The rounding belongs into gross().",
        edit(PRICE, "net * (1 + rate)", "Math.floor(net * (1 + rate) + 0.5)"),
        think=260,
    )
    s.reply(9.4, "Now the test for it.", edit(PRICE_TEST, *end_of_describe(PRICE_NEW_TEST)))
    s.reply(4.4, bash("npm test", vitest(1.12, files, {}), takes=2.8))
    s.bare({"type": "harbor-note", "timestamp": s.stamp(), "harbor": {"berth": 3, "tide": "out"}})
    s.reply(5.0, task_update(1, "in_progress", "completed"), task_update(2, "pending", "in_progress"))
    s.reply(6.1, bash("git add -A && git commit -q -m 'Round gross prices per line'", takes=1.2))
    s.reply(3.6, task_update(2, "in_progress", "completed"))
    s.reply(6.7, "Gross prices are rounded half up per line. 11 tests pass, committed.")
    s.close_turn(hook_ms=900)
    for number, subject, active in (
        (1, "Round each line", "Rounding each line"),
        (2, "Commit", "Committing"),
    ):
        task = {"id": str(number), "subject": subject, "description": subject, "activeForm": active}
        s.side_files[f"tasks/{s.id}/{number}.json"] = task | {
            "status": "completed",
            "blocks": [],
            "blockedBy": [],
        }
    opening.cost_state(s)
    opening.close(s, "Round gross prices", "/craft:practicing-tdd")
    return s
