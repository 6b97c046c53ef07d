/** The changes of an audit entry: each field with its values before and after. */
import { t } from '@lingui/core/macro'
import { Text, VisuallyHidden } from '@mantine/core'
import { fieldChanges } from '@/lib/auditDetails'
import { useBusiness } from '@/lib/business'

export function FieldChanges({ details }: { details: unknown }) {
  const { timeZone } = useBusiness()
  const changes = fieldChanges(details, timeZone).filter(({ before, after }) => before !== after)
  if (changes.length === 0) return null
  // Something new has no values before.
  const isNew = changes.length > 1 && changes.every(({ before }) => before === '–')
  return (
    <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {changes.map(({ field, before, after }) => (
        <Text component="li" key={field} size="xs" style={{ overflowWrap: 'anywhere' }}>
          <Text span inherit c="dimmed">
            {field}:
          </Text>{' '}
          {!isNew && (
            <>
              <VisuallyHidden>{t`Before:`} </VisuallyHidden>
              <Text span inherit td={before === '–' ? undefined : 'line-through'} c="dimmed">
                {before}
              </Text>
              <span aria-hidden> → </span>
              <VisuallyHidden>{t`After:`} </VisuallyHidden>
            </>
          )}
          <Text span inherit fw={600}>
            {after}
          </Text>
        </Text>
      ))}
    </ul>
  )
}
