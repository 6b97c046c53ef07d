/** Links to the next and the previous page of a list. */
import { Button, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { PageFragment } from '@/gql/graphql'
import { countLabel } from '@/lib/labels'
import type { PageSearch } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'

interface PagerProps {
  page: PageFragment
  total: number
  one: string
  many?: string
}

export function Pager({ page, total, one, many }: PagerProps) {
  const change = useChangeSearch<PageSearch>()
  const turn = (next: PageSearch) => change({ after: undefined, before: undefined, ...next })
  return (
    <Group justify="space-between" px="md" py="xs" gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {countLabel(total, one, many)}
      </Text>
      {(page.hasPreviousPage || page.hasNextPage) && (
        <Group gap="xs" component="nav" aria-label="Pages">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconChevronLeft size={14} />}
            disabled={!page.hasPreviousPage}
            onClick={() => turn({ before: page.startCursor ?? undefined })}
          >
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronRight size={14} />}
            disabled={!page.hasNextPage}
            onClick={() => turn({ after: page.endCursor ?? undefined })}
          >
            Next
          </Button>
        </Group>
      )}
    </Group>
  )
}
