import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { addMonths, formatMonth } from '@/lib/time'

interface MonthSwitchProps {
  month: string
  today: string
  onShow: (month: string) => void
}

export function MonthSwitch({ month, today, onShow }: MonthSwitchProps) {
  const running = today.slice(0, 7)
  return (
    <Group gap="xs" mb="xs">
      <ActionIcon aria-label={t`Previous month`} onClick={() => onShow(addMonths(month, -1))}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <Title order={2} miw={{ sm: 150 }} ta="center" aria-live="polite">
        {formatMonth(month)}
      </Title>
      <ActionIcon aria-label={t`Next month`} onClick={() => onShow(addMonths(month, 1))}>
        <IconChevronRight size={18} />
      </ActionIcon>
      <Button size="xs" variant="default" onClick={() => onShow(running)}>
        {t`This month`}
      </Button>
    </Group>
  )
}
