/** The columns of a list that are shown: as chosen on this device, and as the window is wide. */
import { useMediaQuery } from '@mantine/hooks'
import { useListSettings } from '@/lib/listSettings'

/** From this width on, lists have room for further columns. */
const wide = '(min-width: 112em)'

export function useShownColumns<Shown extends { id: string; isExtra?: boolean }>(
  list: string,
  columns: Shown[],
): Shown[] {
  const [{ hidden, shown }] = useListSettings(list)
  const isWide = useMediaQuery(wide, undefined, { getInitialValueInEffect: false })
  return columns.filter(
    ({ id, isExtra = false }) => !hidden.includes(id) && (!isExtra || isWide || shown.includes(id)),
  )
}
