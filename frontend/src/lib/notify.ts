/** Shows a notification, which screen readers announce. */
import { t } from '@lingui/core/macro'
import { serverMessage } from './serverMessage'

export function notify(message: string): void {
  show({ message, color: 'teal' })
}

export function notifyOfProblem(message: string): void {
  show({ message, color: 'red', autoClose: 10_000 })
}

interface Notice {
  message: string
  color: string
  autoClose?: number
}

/** The first screen does not need the library. */
function show(notice: Notice): void {
  void import('@mantine/notifications').then(({ notifications }) =>
    notifications.show({
      ...notice,
      message: serverMessage(notice.message),
      withBorder: true,
      closeButtonProps: { 'aria-label': t`Dismiss` },
    }),
  )
}
