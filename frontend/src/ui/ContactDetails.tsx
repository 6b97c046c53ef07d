/** A contact of an account: kind, e-mail address and telephone number as links, postal address. */
import { t } from '@lingui/core/macro'
import { Anchor, Badge, Group, Text } from '@mantine/core'
import type { ContactDetailsFragment } from '@/gql/graphql'
import { emailHref, linesOf, phoneHref } from '@/lib/address'
import { contactKindLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'

export function ContactDetails({ contact }: { contact: ContactDetailsFragment }) {
  const { name, kind, isPrimary, email, phone } = contact
  const lines = linesOf(contact)
  return (
    <>
      <Group gap={6}>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Badge tt="none" fw={500} variant="outline" color="gray" c="var(--mantine-color-text)">
          {contactKindLabels[kind]}
        </Badge>
        {isPrimary && (
          <Badge tt="none" fw={600}>
            {t`Primary`}
          </Badge>
        )}
      </Group>
      {email && (
        <div>
          <EmailLink email={email} />
        </div>
      )}
      {phone && (
        <div>
          <PhoneLink phone={phone} />
        </div>
      )}
      {lines.length > 0 && (
        <Text component="address" size="sm" fs="normal" style={{ whiteSpace: 'pre-line' }}>
          {lines.join('\n')}
        </Text>
      )}
    </>
  )
}

export function EmailLink({ email }: { email: string }) {
  return (
    <Anchor href={emailHref(email)} size="sm">
      {withLineBreaks(email)}
    </Anchor>
  )
}

export function PhoneLink({ phone }: { phone: string }) {
  return (
    <Anchor href={phoneHref(phone)} size="sm">
      {withLineBreaks(phone)}
    </Anchor>
  )
}
