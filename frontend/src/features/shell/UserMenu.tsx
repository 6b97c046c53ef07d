import { t } from '@lingui/core/macro'
import { ActionIcon } from '@mantine/core'
import { IconCheck, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { signOut } from '@/lib/auth'
import { useBusiness } from '@/lib/business'
import { roleLabels } from '@/lib/labels'
import { chooseLanguage, type Language, language, languages } from '@/lib/language'
import { notifyOfProblem } from '@/lib/notify'
import { Dotted } from '@/ui/Dotted'
import { MenuButton } from '@/ui/MenuButton'
import { forgetRecent } from './recent'

export default function UserMenu({ onSignedOut }: { onSignedOut: (next: string) => void }) {
  const { viewer } = useBusiness()

  async function leave() {
    const next = await signOut()
    if (next) {
      forgetRecent()
      onSignedOut(next)
    } else notifyOfProblem(t`Couldn't sign out. Try again.`)
  }

  return (
    <MenuButton
      button={(opener) => (
        <ActionIcon aria-label={`${viewer.name}, ${roleLabels[viewer.role]}`} {...opener}>
          <IconUserCircle size={20} stroke={1.6} />
        </ActionIcon>
      )}
    >
      {({ Item, Label, Divider }) => (
        <>
          <Label c="dimmed">
            <Dotted>
              {viewer.name}
              {roleLabels[viewer.role]}
            </Dotted>
          </Label>
          <Divider />
          <Label c="dimmed">{t`Language`}</Label>
          {(Object.entries(languages) as [Language, string][]).map(([value, name]) => (
            <Item
              key={value}
              lang={value}
              aria-current={value === language()}
              leftSection={
                <IconCheck size={16} visibility={value === language() ? undefined : 'hidden'} />
              }
              onClick={() => chooseLanguage(value)}
            >
              {name}
            </Item>
          ))}
          <Divider />
          <Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
            {t`Sign out`}
          </Item>
        </>
      )}
    </MenuButton>
  )
}
