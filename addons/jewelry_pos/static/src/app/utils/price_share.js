/**
 * The client's half of `tools/price.py`: which part of the goods' price an order is paid with.
 *
 * @param {{amount: number, is_money: boolean}[]} rows all lines of an order
 * @returns {number}
 */
export function getPriceShare(rows) {
    const goods = rows
        .filter((row) => row.amount > 0 && !row.is_money)
        .reduce((sum, row) => sum + row.amount, 0);
    const off = rows
        .filter((row) => row.amount < 0 && !row.is_money)
        .reduce((sum, row) => sum + row.amount, 0);
    return goods > 0 ? 1 + off / goods : 1;
}
