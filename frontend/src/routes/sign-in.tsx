import { createFileRoute } from '@tanstack/react-router'
import { SignInPage } from '@/features/session/SignInPage'
import { providerPath, providerProblem, safeReturnPath, signInMethods } from '@/lib/auth'
import { textOf } from '@/lib/paging'

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { from?: string; problem?: string } => ({
    from: textOf(search.from),
    problem: textOf(search.problem),
  }),
  loader: signInMethods,
  component: function SignIn() {
    const { from, problem } = Route.useSearch()
    const { password, provider } = Route.useLoaderData()
    return (
      <SignInPage
        byPassword={password}
        provider={provider && { name: provider.name, path: providerPath(from) }}
        reason={providerProblem(problem)}
        // A full page load, so that no data of another user stays in memory.
        onSignedIn={() => window.location.assign(safeReturnPath(from))}
      />
    )
  },
})
