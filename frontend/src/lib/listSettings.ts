/** What a user has set for a list on this device: columns, row height, and named views. */
import { useLocalStorage } from '@mantine/hooks'

export interface ListSettings {
  /** The ids of the hidden columns. */
  hidden: string[]
  /** The ids of the columns that are shown though the window is narrow. */
  shown: string[]
  isDense: boolean
}

/** A named state of the list in the URL, without the page. */
export interface SavedView {
  name: string
  search: Record<string, unknown>
}

const unset: ListSettings = { hidden: [], shown: [], isDense: false }

export function useListSettings(list: string) {
  const [settings, setSettings] = useLocalStorage({
    key: `tenure-list-${list}`,
    defaultValue: unset,
    getInitialValueInEffect: false,
  })
  const change = (changed: Partial<ListSettings>) => setSettings({ ...settings, ...changed })
  // A version of the page without `shown` may have written them.
  return [{ ...unset, ...settings }, change] as const
}

export function useSavedViews(list: string) {
  const [views, setViews] = useLocalStorage<SavedView[]>({
    key: `tenure-views-${list}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  })
  return { views, save: (view: SavedView) => setViews(withView(views, view)), setViews } as const
}

/** A view of the same name is replaced. */
export function withView(views: SavedView[], view: SavedView): SavedView[] {
  const others = views.filter((each) => each.name !== view.name)
  return [...others, view].sort((one, other) => one.name.localeCompare(other.name))
}

/** The search of a view: filters and sort order, not the page and not an open dialog. */
export function viewOf(search: Record<string, unknown>): Record<string, unknown> {
  const { after, before, dialog, on, choice, ...kept } = search
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
}

/** Sets the search parameters of a view and removes all others. */
export function changeToView(
  now: Record<string, unknown>,
  view: Record<string, unknown>,
): Record<string, unknown> {
  const removed = Object.fromEntries(Object.keys(now).map((name) => [name, undefined]))
  return { ...removed, ...view }
}
