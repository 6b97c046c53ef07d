/** The kinds of event that a webhook is sent, in words. */
import { plural, t } from '@lingui/core/macro'
import type { EventKind } from '@/gql/graphql'
import { eventKindLabels } from '@/lib/labels'

/** "Every kind", "Usage, Payment", or "5 kinds". */
export function kindsLabel(kinds: EventKind[]): string {
  if (kinds.length === 0) return t`Every kind`
  if (kinds.length > 3) return plural(kinds.length, { one: '# kind', other: '# kinds' })
  return kinds.map((kind) => eventKindLabels[kind]).join(', ')
}
