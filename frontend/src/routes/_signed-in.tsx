import { createFileRoute, Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { DialogHost } from '@/app/dialogs'
import { SessionDocument } from '@/features/session/operations.generated'
import { Session } from '@/features/session/Session'
import { ClockBanner } from '@/features/settings/ClockBanner'
import { Shell } from '@/features/shell/Shell'
import { dialogAddress } from '@/lib/dialog'
import { prefetch } from '@/lib/prefetch'

export const Route = createFileRoute('/_signed-in')({
  validateSearch: dialogAddress,
  loader: ({ context, cause }) => {
    if (cause === 'enter') prefetch(context.client, SessionDocument, {})
  },
  component: function SignedIn() {
    const router = useRouter()
    const navigate = useNavigate()
    const signIn = () => {
      const from = router.state.location.href
      void navigate({ to: '/sign-in', search: { from }, replace: true, ignoreBlocker: true })
    }
    return (
      <Session onSignIn={signIn}>
        <Shell onSignedOut={(next) => window.location.assign(next)}>
          <ClockBanner />
          <Outlet />
        </Shell>
        <Dialogs />
      </Session>
    )
  },
})

function Dialogs() {
  const { dialog, on, choice } = Route.useSearch()
  return <DialogHost address={{ dialog, on, choice }} />
}
