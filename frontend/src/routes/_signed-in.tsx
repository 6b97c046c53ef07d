import { createFileRoute, Outlet } from '@tanstack/react-router'
import { DialogHost } from '@/app/dialogs'
import { Session } from '@/features/session/Session'
import { Shell } from '@/features/shell/Shell'
import { dialogAddress } from '@/lib/dialog'

export const Route = createFileRoute('/_signed-in')({
  validateSearch: dialogAddress,
  component: function SignedIn() {
    return (
      <Session>
        <Shell onSignedOut={(next) => window.location.assign(next)}>
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
