/** What the list of accounts says if it has no rows. Loaded when that is so. */
import { t } from '@lingui/core/macro'
import { IconUserSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useMay } from '@/lib/business'
import { ClearFilters, isNarrowed } from '@/ui/ListTools'
import { ButtonLink } from '@/ui/links'
import type { ListFilter } from '@/ui/listFilters'
import { EmptyMessage } from '@/ui/States'
import { importsLink } from '../imports/links'
import type { AccountsSearch } from './search'

interface NoAccountsProps {
  filters: ListFilter[]
  search: AccountsSearch
  create: ReactNode
}

export default function NoAccounts({ filters, search, create }: NoAccountsProps) {
  const mayImport = useMay('ADMIN')
  if (!isNarrowed(filters, search)) {
    return (
      <EmptyMessage
        title={t`No accounts yet`}
        hint={t`Create the first one, or import a file of accounts.`}
        action={
          <>
            {create}
            {mayImport && <ButtonLink {...importsLink}>{t`Import accounts`}</ButtonLink>}
          </>
        }
      />
    )
  }
  return (
    <EmptyMessage
      icon={<IconUserSearch />}
      title={t`No account matches`}
      hint={t`Try a name, an e-mail address or the full number.`}
      action={<ClearFilters filters={filters} />}
    />
  )
}
