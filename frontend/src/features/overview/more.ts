import { t } from '@lingui/core/macro'
import { formatCount } from '@/lib/language'

/** "and 1,200 more". */
export function moreLabel(count: number): string {
  const more = formatCount(count)
  return t`and ${more} more`
}
