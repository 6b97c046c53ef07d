import { createFileRoute } from '@tanstack/react-router'
import { SignInPage } from '@/features/session/SignInPage'
import { safeReturnPath } from '@/lib/auth'
import { textOf } from '@/lib/paging'

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({
    from: textOf(search.from),
  }),
  component: function SignIn() {
    const { from } = Route.useSearch()
    // A full page load, so that no data of another user stays in memory.
    return <SignInPage onSignedIn={() => window.location.assign(safeReturnPath(from))} />
  },
})
