/** Links to the next and the previous page of a list. */
import { t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { PageFragment } from '@/gql/graphql'
import type { PageSearch } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'

interface PagerProps {
  page: PageFragment
  /** The number of entries with their noun: "3 offers". */
  count: string
  /** Opens another page; by default, `after` and `before` of the URL say which one is shown. */
  onTurn?: (next: PageSearch) => void
}

export function Pager({ page, count, onTurn }: PagerProps) {
  const change = useChangeSearch<PageSearch>()
  const turn =
    onTurn ?? ((next: PageSearch) => change({ after: undefined, before: undefined, ...next }))
  return (
    <Group justify="space-between" px="md" py="xs" gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {count}
      </Text>
      {(page.hasPreviousPage || page.hasNextPage) && (
        <Group gap="xs" component="nav" aria-label={t`Pages`}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconChevronLeft size={14} />}
            {...enabled(page.hasPreviousPage)}
            onClick={() => page.hasPreviousPage && turn({ before: page.startCursor ?? undefined })}
          >
            {t`Previous`}
          </Button>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronRight size={14} />}
            {...enabled(page.hasNextPage)}
            onClick={() => page.hasNextPage && turn({ after: page.endCursor ?? undefined })}
          >
            {t`Next`}
          </Button>
        </Group>
      )}
    </Group>
  )
}

/** A button that has led to the last page keeps the focus, which `disabled` would take from it. */
function enabled(isEnabled: boolean) {
  return isEnabled ? {} : { 'data-disabled': true, 'aria-disabled': true }
}
