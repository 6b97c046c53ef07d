import { Alert, type AlertProps } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** Something to know before going on, which forbids nothing. */
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
