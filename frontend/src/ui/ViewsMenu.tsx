/** The named views of a list: saves the filters and the sort order of the URL, and opens them. */
import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { changeToView, useSavedViews, viewOf } from '@/lib/listSettings'
import { PopoverButton } from './PopoverButton'

export function ViewsMenu({ list }: { list: string }) {
  const [name, setName] = useState('')
  const { views, save, setViews } = useSavedViews(list)
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const isTaken = views.some((view) => view.name === name.trim())

  function show(view: Record<string, unknown>) {
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
    <PopoverButton
      name={t`Views`}
      position="bottom-end"
      width={260}
      leftSection={<IconBookmark size={16} aria-hidden />}
      content={(close) => (
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
                onClick={() => {
                  close()
                  show(view.search)
                }}
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
                description={isTaken && t`Replaces the view of this name`}
                maxLength={60}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button size="xs" type="submit">
                {isTaken ? t`Replace` : t`Save`}
              </Button>
            </Group>
          </form>
        </Stack>
      )}
    >
      {t`Views`}
    </PopoverButton>
  )
}
