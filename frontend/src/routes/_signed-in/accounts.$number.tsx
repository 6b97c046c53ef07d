import { createFileRoute, Outlet } from '@tanstack/react-router'
import { AccountPage } from '@/features/accounts/AccountPage'

export const Route = createFileRoute('/_signed-in/accounts/$number')({
  component: function Account() {
    const { number } = Route.useParams()
    return (
      <AccountPage key={number} number={number}>
        <Outlet />
      </AccountPage>
    )
  },
})
