/** What keeps a form or an action from being carried out. */
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { serverMessage } from '@/lib/serverMessage'

export function Problems({ of }: { of: string[] }) {
  if (of.length === 0) return null
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle />}
      role="alert"
      c="var(--mantine-color-error)"
    >
      {of.map((problem) => (
        <div key={problem}>{serverMessage(problem)}</div>
      ))}
    </Alert>
  )
}
