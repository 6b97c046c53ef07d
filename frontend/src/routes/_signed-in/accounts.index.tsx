import { createFileRoute } from '@tanstack/react-router'
import { AccountsPage } from '@/features/accounts/AccountsPage'
import { accountsSearch } from '@/features/accounts/search'

export const Route = createFileRoute('/_signed-in/accounts/')({
  validateSearch: accountsSearch,
  component: function Accounts() {
    return <AccountsPage search={Route.useSearch()} />
  },
})
