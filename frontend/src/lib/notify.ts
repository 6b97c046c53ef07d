/** Shows a notification, which screen readers announce. */
import { t } from '@lingui/core/macro'
import { notifications } from '@mantine/notifications'

export function notify(message: string): void {
  notifications.show({
    message,
    color: 'teal',
    withBorder: true,
    closeButtonProps: { 'aria-label': t`Dismiss` },
  })
}

export function notifyOfProblem(message: string): void {
  notifications.show({
    message,
    color: 'red',
    withBorder: true,
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': t`Dismiss` },
  })
}
