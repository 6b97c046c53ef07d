/** A titled part of a screen. */
import { Box, Group, Paper, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface PanelProps {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Panel({ title, hint, actions, children }: PanelProps) {
  const heading = useId()
  return (
    <Paper component="section" aria-labelledby={heading} style={{ overflow: 'hidden' }}>
      <Group justify="space-between" px="md" py={8} mih={46} gap="xs">
        <Group gap="xs">
          <Title order={2} id={heading}>
            {title}
          </Title>
          {hint && (
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          )}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      <Box style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>{children}</Box>
    </Paper>
  )
}
