/** The state of the tree in the URL, by the numbers of the accounts. */

export interface HierarchySearch {
  /** Accounts whose children are shown, or hidden, otherwise than at first. */
  toggled?: string[]
  /** How many pages of the children of an account are shown, if more than at first. */
  pages?: Record<string, number>
}

export function hierarchySearch(search: Record<string, unknown>): HierarchySearch {
  const toggled = Array.isArray(search.toggled) ? search.toggled.map(String) : []
  const pages = Object.entries(search.pages ?? {}).filter(
    (entry): entry is [string, number] => Number.isInteger(entry[1]) && Number(entry[1]) > 0,
  )
  return {
    toggled: toggled.length > 0 ? toggled : undefined,
    pages: pages.length > 0 ? Object.fromEntries(pages) : undefined,
  }
}
