/** The catalog with search and a filter by kind, which are kept in the URL. */
import { Button, Group, Paper } from '@mantine/core'
import { IconPlus, IconTags } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { offerKindLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DataTable } from '@/ui/DataTable'
import { FilterSelect } from '@/ui/FilterSelect'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { SearchField } from '@/ui/SearchField'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { createOffer } from './links'
import { offerColumns } from './offerColumns'
import { CatalogDocument } from './operations.generated'
import type { CatalogSearch } from './search'

export function CatalogPage({ search }: { search: CatalogSearch }) {
  const changeSearch = useChangeSearch<CatalogSearch>()
  const change = (changed: CatalogSearch) =>
    changeSearch({ after: undefined, before: undefined, ...changed }, { replace: 'q' in changed })
  const open = useOpenDialog()
  const mayCreate = useMay('MANAGER')
  const [result, refetch] = useQuery({
    query: CatalogDocument,
    variables: { search: search.q, kind: search.kind, ...pageArguments(search) },
  })
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createOffer)}>
      New offer
    </Button>
  )
  return (
    <>
      <PageHeader title="Catalog" hint="Offers can't be edited once created." actions={create} />
      <Group gap="xs" mb="sm" role="search">
        <SearchField
          aria-label="Search offers"
          placeholder="Code or name"
          data-search
          value={search.q ?? ''}
          onSearch={(q) => change({ q })}
          flex="1 1 260px"
        />
        <FilterSelect
          label="Kind"
          labels={offerKindLabels}
          selected={search.kind}
          onSelect={(kind) => change({ kind })}
        />
      </Group>
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ offers }) =>
            offers.nodes.length > 0 ? (
              <>
                <DataTable
                  label="Offers"
                  columns={offerColumns}
                  rows={offers.nodes}
                  minWidth={960}
                  oneLine
                />
                <Pager page={offers.pageInfo} total={offers.totalCount} one="offer" />
              </>
            ) : search.q || search.kind ? (
              <EmptyMessage
                icon={<IconTags />}
                title="No offer matches"
                hint="Every word must appear in the code or the name."
                action={
                  <Button
                    variant="default"
                    onClick={() => change({ q: undefined, kind: undefined })}
                  >
                    Clear search and filter
                  </Button>
                }
              />
            ) : (
              <EmptyMessage
                icon={<IconTags />}
                title="The catalog is empty"
                hint="A manager can create the first offer."
                action={create}
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
