import { Alert, type AlertProps } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** A warning that does not block the action. */
export function Warning(props: AlertProps) {
  return (
    <Alert
      color="var(--tenure-waiting)"
      variant="outline"
      icon={<IconAlertTriangle />}
      {...props}
    />
  )
}
