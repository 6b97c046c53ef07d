/** What can be started from the search: pages, changes of the open account, jobs. */
import { t } from '@lingui/core/macro'
import type { LinkProps } from '@tanstack/react-router'
import type { CurrentAccountQuery, Role } from '@/gql/graphql'
import type { DialogAddress } from '@/lib/dialog'
import { hasRole } from '@/lib/role'
import { createAccount, editAccount } from '../accounts/links'
import { addService, purchaseOffer } from '../assets/links'
import { addBillUnit } from '../billunits/links'
import { createOffer } from '../catalog/links'
import { changeHierarchy } from '../hierarchy/links'
import { startJob } from '../jobs/links'
import { addPaymentMethod, recordPayment } from '../payments/links'
import { changeStatus } from '../status/links'
import { keyboardHelp } from './links'

export interface Command {
  label: string
  /** Other words by which it is found. */
  words?: string
  to: { link: LinkProps } | { dialog: DialogAddress }
}

type Account = NonNullable<CurrentAccountQuery['account']>

export function pageCommands(role: Role): Command[] {
  const link = (label: string, to: LinkProps['to'], words?: string): Command => ({
    label,
    words,
    to: { link: { to } },
  })
  return [
    link(t`Go to today`, '/', t`home overview`),
    link(t`Go to accounts`, '/accounts', t`all customers`),
    link(t`Go to deferred actions`, '/deferred-actions', t`scheduled`),
    link(t`Go to the calendar`, '/deferred-actions/calendar', t`deferred actions bill day month`),
    link(t`Go to the catalog`, '/catalog', t`offers`),
    link(t`Go to bills`, '/bills', t`invoices`),
    link(t`Go to payments`, '/payments'),
    link(t`Go to disputes`, '/disputes'),
    link(t`Go to jobs`, '/jobs', t`bill day runs`),
    ...(hasRole(role, 'ADMIN')
      ? [
          link(t`Go to users`, '/users', t`roles passwords`),
          link(t`Go to API tokens`, '/tokens', t`partners`),
          link(t`Go to webhooks`, '/webhooks', t`partners deliveries`),
          link(t`Go to reasons`, '/reasons', t`status`),
          link(t`Go to settings`, '/settings', t`clock time zone`),
          link(t`Go to the audit log`, '/audit-log', t`history`),
          link(t`Import accounts…`, '/jobs/import', t`upload file`),
        ]
      : []),
  ]
}

export function generalCommands(role: Role): Command[] {
  const commands: Command[] = [{ label: t`Keyboard shortcuts`, to: { dialog: keyboardHelp } }]
  if (hasRole(role, 'AGENT')) {
    commands.unshift({ label: t`New account…`, words: t`create`, to: { dialog: createAccount } })
  }
  if (hasRole(role, 'MANAGER')) {
    commands.unshift(
      { label: t`Run today's deferred actions…`, to: { dialog: startJob('DEFERRED_ACTIONS') } },
      { label: t`Run the bill day…`, words: t`start job`, to: { dialog: startJob('BILL_DAY') } },
      { label: t`New offer…`, words: t`create`, to: { dialog: createOffer } },
    )
  }
  return commands
}

/** The changes of the account whose page is open. */
export function accountCommands({ id, status }: Account, role: Role): Command[] {
  const command = (label: string, dialog: DialogAddress, words?: string): Command => ({
    label,
    words,
    to: { dialog },
  })
  if (!hasRole(role, 'AGENT')) return []
  const statusCommands = [
    ...(status === 'ACTIVE'
      ? [command(t`Inactivate…`, changeStatus(id, 'INACTIVE'), t`suspend schedule`)]
      : [command(t`Reactivate…`, changeStatus(id, 'ACTIVE'), t`reopen schedule`)]),
    ...(status === 'CLOSED'
      ? []
      : [command(t`Schedule closing…`, changeStatus(id, 'CLOSED'), t`close terminate`)]),
  ]
  if (status === 'CLOSED') return statusCommands
  return [
    ...statusCommands,
    ...(hasRole(role, 'MANAGER')
      ? [command(t`Record a payment…`, recordPayment(id), t`received`)]
      : []),
    command(t`Edit the account…`, editAccount(id), t`name e-mail phone`),
    command(t`Move in the hierarchy…`, changeHierarchy(id), t`parent payer`),
    ...(status === 'ACTIVE'
      ? [
          command(t`Add a service…`, addService(id), t`login`),
          command(t`Purchase an offer…`, purchaseOffer(id), t`buy`),
          command(t`Add a bill unit…`, addBillUnit(id)),
        ]
      : []),
    command(t`Add a payment method…`, addPaymentMethod(id), t`card`),
  ]
}

/** The commands that have every typed word, in the label or among its other words. */
export function matching(commands: Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, words: others = '' }) => {
    const text = `${label} ${others}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
