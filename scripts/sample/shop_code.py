"""Pieces of the made-up web shop that the sessions read and change."""

SHOP = "/home/dev/shop"
COUPON = f"{SHOP}/src/cart/coupon.ts"
COUPON_TEST = f"{SHOP}/test/cart/coupon.test.ts"
SHIPPING = f"{SHOP}/src/checkout/shipping.ts"
SHIPPING_TEST = f"{SHOP}/test/checkout/shipping.test.ts"
RESERVE = f"{SHOP}/src/stock/reserve.ts"
SWEEP = f"{SHOP}/src/stock/sweep.ts"
RESERVE_TEST = f"{SHOP}/test/stock/reserve.test.ts"
PRICE = f"{SHOP}/src/price/round.ts"
PRICE_TEST = f"{SHOP}/test/price/round.test.ts"

COUPON_CODE = """\
export function withCoupons(total: number, coupons: Coupon[]): number {
  return coupons.reduce((sum, coupon) => sum - coupon.amount, total);
}
"""
COUPON_NEW_TEST = """\
  it("applies a percentage to what is left after fixed amounts", () => {
    expect(withCoupons(10000, [fixed(1000), percent(10)])).toBe(8100);
  });
"""
COUPON_NEW_CODE = """\
  const left = coupons.reduce((sum, coupon) => sum - (coupon.amount ?? 0), total);
  return coupons.reduce((sum, coupon) => sum - Math.round(sum * (coupon.percent ?? 0) / 100), left);
"""
SHIPPING_CODE = """\
export function shipping(cart: Cart): number {
  return cart.total >= FREE_FROM ? 0 : STANDARD;
}
"""
SHIPPING_NEW_TEST = """\
  it("looks at the total after coupons", () => {
    expect(shipping(cartOf(5400, [fixed(500)]))).toBe(490);
  });
"""
RESERVE_CODE = """\
export function reserve(item: Item, amount: number, now: Date): Reservation {
  if (free(item) < amount) throw new OutOfStock(item.id);
  return hold(item, { amount, since: now });
}
"""
RESERVE_NEW_TEST = """\
  it("gives the items back after fifteen minutes", () => {
    const held = reserve(lamp, 2, at("10:00"));
    sweep(at("10:16"));
    expect(isHeld(held)).toBe(false);
  });
"""
SWEEP_CODE = """\
export const HOLD_MINUTES = 15;

export function sweep(now: Date): Reservation[] {
  return held().filter((entry) => minutesBetween(entry.since, now) > HOLD_MINUTES).map(release);
}
"""
BOUNDARY_TEST = """\
  it("gives them back at exactly fifteen minutes", () => {
    const held = reserve(lamp, 1, at("10:00"));
    sweep(at("10:15"));
    expect(isHeld(held)).toBe(false);
  });
"""
PRICE_CODE = """\
export const gross = (net: number, rate: number): number => net * (1 + rate);
"""
PRICE_NEW_TEST = """\
  it("rounds each line half up to the cent", () => {
    expect(gross(1050, 0.19)).toBe(1250);
    expect(gross(250, 0.07)).toBe(268);
  });
"""
ORDERS_TEST = """\
describe("orders", () => {
  beforeAll(() => connect(process.env.TEST_DB ?? "postgres://localhost:5433/shop_test"));
  it("stores an order with its lines", async () => {
    expect(await store(orderOf(lamp, chair))).toMatchObject({ lines: 2 });
  });
});
"""


def end_of_describe(new_test: str) -> tuple[str, str]:
    """Old and new text of an edit that adds a test at the end of a file."""
    return "});\n", f"{new_test}}});\n"
