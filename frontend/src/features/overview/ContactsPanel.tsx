/** The people and departments of the customer, with their postal addresses. */
import { t } from '@lingui/core/macro'
import { Button, Stack } from '@mantine/core'
import type { ContactDetailsFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { ContactDetails } from '@/ui/ContactDetails'
import { Panel } from '@/ui/Panel'
import { RowMenu } from '@/ui/RowMenu'
import { addContact, editContact, removeContact } from '../contacts/links'
import { moreLabel } from './more'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import type { OverviewSearch } from './search'

const shownAtFirst = 5

interface ContactsPanelProps {
  account: OverviewAccount
  search: OverviewSearch
}

export function ContactsPanel({ account, search }: ContactsPanelProps) {
  const { contacts } = account
  const changeSearch = useChangeSearch<OverviewSearch>()
  const showAll = () => changeSearch({ allContacts: true }, { replace: true })
  const shown = search.allContacts ? contacts : contacts.slice(0, shownAtFirst)
  const more = contacts.length - shown.length
  return (
    <Panel title={t`Contacts`} actions={<AddContact account={account} />}>
      {contacts.length === 0 ? (
        <NothingYet>
          {t`No contacts yet. The address of the primary billing contact is printed on the bill.`}
        </NothingYet>
      ) : (
        <OverviewRows label={t`Contacts`}>
          {shown.map((contact) => (
            <OverviewRow key={contact.id} side={<ContactMenu contact={contact} />}>
              <Stack gap={2}>
                <ContactDetails contact={contact} />
              </Stack>
            </OverviewRow>
          ))}
          {more > 0 && (
            <OverviewRow>
              <Button size="compact-xs" mih={26} variant="default" onClick={showAll}>
                {moreLabel(more)}
              </Button>
            </OverviewRow>
          )}
        </OverviewRows>
      )}
    </Panel>
  )
}

function AddContact({ account }: { account: OverviewAccount }) {
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  const hasPrimary = account.contacts.some(({ isPrimary }) => isPrimary)
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      onClick={() => open(addContact(account.id, hasPrimary ? undefined : 'primary'))}
    >
      {t`Add contact`}
    </Button>
  )
}

function ContactMenu({ contact }: { contact: ContactDetailsFragment }) {
  const open = useOpenDialog()
  const { id, name } = contact
  if (!useMay('AGENT')) return null
  return (
    <RowMenu label={t`Actions for contact: ${name}`}>
      {({ Item }) => (
        <>
          <Item onClick={() => open(editContact(id))}>{t`Edit…`}</Item>
          <Item c="var(--mantine-color-error)" onClick={() => open(removeContact(id))}>
            {t`Remove…`}
          </Item>
        </>
      )}
    </RowMenu>
  )
}
