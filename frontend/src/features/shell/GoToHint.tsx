/** What may follow after g. */
import { t } from '@lingui/core/macro'
import { Group, Kbd, Paper, Text } from '@mantine/core'
import { destinations } from './destinations'
import classes from './Shell.module.css'

export function GoToHint() {
  return (
    <Paper
      component="ul"
      withBorder
      shadow="md"
      p="sm"
      role="list"
      aria-label={t`Keys after g`}
      className={classes.hint}
    >
      {destinations.map(({ key, label }) => (
        <Group key={key} component="li" gap="xs" py={2} wrap="nowrap">
          <Kbd size="xs">{key}</Kbd>
          <Text size="sm">{label}</Text>
        </Group>
      ))}
    </Paper>
  )
}
