import { createFileRoute } from '@tanstack/react-router'
import { SignInPage } from '@/features/session/SignInPage'
import { safeReturn } from '@/lib/auth'
import { textOf } from '@/lib/paging'

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({
    from: textOf(search.from),
  }),
  component: function SignIn() {
    const { from } = Route.useSearch()
    // The page is loaded anew: nothing that another person read stays in memory.
    return <SignInPage onSignedIn={() => window.location.assign(safeReturn(from))} />
  },
})
