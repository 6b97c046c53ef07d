import { createFileRoute, Outlet } from '@tanstack/react-router'
import { AccountPage } from '@/features/accounts/AccountPage'
import { AccountPageDocument } from '@/features/accounts/operations.generated'
import { prefetch } from '@/lib/prefetch'

export const Route = createFileRoute('/_signed-in/accounts/$number')({
  loader: ({ context, params, cause }) => {
    if (cause === 'enter') prefetch(context.client, AccountPageDocument, params)
  },
  component: function Account() {
    const { number } = Route.useParams()
    return (
      <AccountPage key={number} number={number}>
        <Outlet />
      </AccountPage>
    )
  },
})
