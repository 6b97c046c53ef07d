import { createFileRoute } from '@tanstack/react-router'
import { usersSearch } from '@/features/users/search'
import { UsersPage } from '@/features/users/UsersPage'

export const Route = createFileRoute('/_signed-in/users')({
  validateSearch: usersSearch,
  component: function Users() {
    return <UsersPage search={Route.useSearch()} />
  },
})
