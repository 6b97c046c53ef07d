import { ActionIcon, Menu } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { signOut } from '@/lib/auth'
import { useBusiness } from '@/lib/business'
import { roleLabels } from '@/lib/labels'
import { notifyOfProblem } from '@/lib/notify'

export function UserMenu({ onSignedOut }: { onSignedOut: (next: string) => void }) {
  const { viewer } = useBusiness()

  async function leave() {
    const next = await signOut()
    if (next) onSignedOut(next)
    else notifyOfProblem("Couldn't sign out. Try again.")
  }

  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`${viewer.name}, ${roleLabels[viewer.role]}`}>
          <IconUserCircle size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="dimmed">
          {viewer.name} · {roleLabels[viewer.role]}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
