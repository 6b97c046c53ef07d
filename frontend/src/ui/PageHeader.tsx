/** The title of a page: heading, browser tab and announcement for screen readers. */
import { Box, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'

interface PageHeaderProps {
  title: string
  hint?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, hint, actions }: PageHeaderProps) {
  return (
    <Group justify="space-between" align="start" mb="md" gap="sm">
      <title>{`${title} · Tenure`}</title>
      <Box miw={0}>
        <Title order={1} tabIndex={-1} className="wrapped">
          {withLineBreaks(title)}
        </Title>
        {hint && (
          <Text c="dimmed" size="sm">
            {hint}
          </Text>
        )}
      </Box>
      {actions && <Group gap={8}>{actions}</Group>}
    </Group>
  )
}
