/** The named views of a list: saves the filters and the sort order of the URL, and opens them. */
import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { changeToView, useSavedViews, viewOf } from '@/lib/listSettings'

export function ViewsMenu({ list }: { list: string }) {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const { views, save, setViews } = useSavedViews(list)
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()

  function show(view: Record<string, unknown>) {
    setOpened(false)
    // The search of a view is that of this route: it was saved here.
    void navigate({ to: '.', search: (now: object) => changeToView({ ...now }, view) } as never)
  }

  function saveView(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return
    save({ name: name.trim(), search: viewOf(search) })
    setName('')
  }

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t`Views`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Views`} w={260}>
        <Stack gap="xs">
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              {t`Save filters and sort order under a name to return to them.`}
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button
                variant="subtle"
                size="xs"
                flex={1}
                justify="start"
                onClick={() => show(view.search)}
              >
                {view.name}
              </Button>
              <ActionIcon
                aria-label={t`Delete the view ${view.name}`}
                onClick={() => setViews(views.filter((each) => each.name !== view.name))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <form onSubmit={saveView}>
            <Group gap="xs" align="end" wrap="nowrap">
              <TextInput
                size="xs"
                flex={1}
                label={t`Name of the view`}
                value={name}
                maxLength={60}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button size="xs" type="submit">
                {t`Save`}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
