/** The catalog with search and a filter by kind, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlus, IconTags } from '@tabler/icons-react'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { offerKindLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { ListScreen } from '@/ui/ListScreen'
import { choices, words } from '@/ui/listFilters'
import { createOffer } from './links'
import { offerColumns } from './offerColumns'
import { CatalogDocument } from './operations.generated'
import type { CatalogSearch } from './search'

const filters = [
  words('q', t`Search offers`, t`Code or name`),
  choices('kind', t`Kind`, offerKindLabels),
]

export function CatalogPage({ search }: { search: CatalogSearch }) {
  const open = useOpenDialog()
  const mayCreate = useMay('MANAGER')
  const filter = { search: search.q, kind: search.kind }
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createOffer)}>
      {t`New offer`}
    </Button>
  )
  return (
    <ListScreen
      title={t`Catalog`}
      hint={t`Offers can't be edited once created.`}
      label={t`Offers`}
      actions={create}
      list="offers"
      toolsLabel={t`Filter offers`}
      search={search}
      filters={filters}
      exported={{ list: 'offers', filter }}
      query={CatalogDocument}
      variables={{ ...filter, ...pageArguments(search) }}
      pageOf={({ offers }) => offers}
      columns={offerColumns}
      amounts={['monthly', 'purchase', 'cancel']}
      minWidth={960}
      oneLine
      count={(total) => plural(total, { one: '# offer', other: '# offers' })}
      empty={{
        icon: <IconTags />,
        title: t`The catalog is empty`,
        hint: mayCreate
          ? t`Accounts can buy what is listed here. Create the first offer.`
          : t`A manager can create the first offer.`,
        action: create,
      }}
      noMatch={{
        title: t`No offer matches`,
        hint: t`Every word must appear in the code or the name.`,
      }}
    />
  )
}
