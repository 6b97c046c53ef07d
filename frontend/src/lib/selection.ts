/** The selected rows of a list, by id. */
export type Selection = Record<string, boolean>

/** Selects or clears a row; with `from`, all rows from that one to this one, as with Shift. */
export function toggled(
  selected: Selection,
  rows: string[],
  id: string,
  from: string | null,
): Selection {
  const value = !selected[id]
  const [start, end] = [rows.indexOf(from ?? id), rows.indexOf(id)].sort(
    (one, other) => one - other,
  )
  const range = start === undefined || start < 0 ? [id] : rows.slice(start, (end ?? 0) + 1)
  return { ...selected, ...Object.fromEntries(range.map((row) => [row, value])) }
}
