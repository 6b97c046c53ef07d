/** The button "Why?": the rule behind something, what it was computed from, and what comes next. */
import { t } from '@lingui/core/macro'
import { Button, DataList, Popover, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'

interface WhyProps {
  /** The subject, for the name of the button. */
  about: string
  /** The rules as sentences. */
  rules: string[]
  /** Labelled inputs; those without a value are omitted. */
  facts?: [string, ReactNode][]
  children?: ReactNode
}

export function Why({ about, rules, facts = [], children }: WhyProps) {
  const given = facts.filter(([, value]) => value)
  return (
    <Popover width={340} position="bottom-start" shadow="md" trapFocus returnFocus withRoles>
      <Popover.Target>
        <Button
          size="compact-xs"
          mih={26}
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label={t`Why? ${about}`}
        >
          {t`Why?`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Why? ${about}`} tabIndex={-1}>
        <Stack gap="xs">
          {rules.map((rule) => (
            <Text key={rule} size="sm">
              {rule}
            </Text>
          ))}
          {given.length > 0 && (
            <DataList size="xs" gap={4} labelWidth={110}>
              {given.map(([label, value]) => (
                <DataList.Item key={label}>
                  <DataList.ItemLabel>{label}</DataList.ItemLabel>
                  <DataList.ItemValue>
                    <span style={{ overflowWrap: 'anywhere' }}>{withLineBreaks(value)}</span>
                  </DataList.ItemValue>
                </DataList.Item>
              ))}
            </DataList>
          )}
          {children}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
