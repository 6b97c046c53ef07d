/** What can be started from the search: pages, changes of the open account, jobs. */
import { t } from '@lingui/core/macro'
import type { LinkProps } from '@tanstack/react-router'
import type { CurrentAccountQuery, Role } from '@/gql/graphql'
import type { DialogAddress } from '@/lib/dialog'
import { hasRole } from '@/lib/role'
import { accountLink, createAccount, editAccount } from '../accounts/links'
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
  /** Of which account, unless its page is open. */
  description?: string
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
      ? [command(t`Inactivate…`, changeStatus(id, 'INACTIVE'), t`suspend deactivate schedule`)]
      : [command(t`Reactivate…`, changeStatus(id, 'ACTIVE'), t`activate reopen schedule`)]),
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

/** The changes that some account allows. */
function possibleCommands(role: Role): Command[] {
  const any = { id: '', number: '', name: '' }
  const statuses = ['ACTIVE', 'INACTIVE', 'CLOSED'] as const
  return statuses.flatMap((status) => accountCommands({ ...any, status }, role))
}

/** Words between a change and its account, which say nothing of either. */
const fillers = t`a an the account of for to`.split(' ')

export interface Request {
  verb: string
  account: string
}

/** "close A-1027" as a change and the text of an account; null for another text. */
export function requestOf(typed: string, role: Role): Request | null {
  const words = typed.split(/\s+/).filter(Boolean)
  const isFiller = (word: string | undefined) => fillers.includes(word?.toLowerCase() ?? '')
  const commands = possibleCommands(role).map(wordsOf)
  // The most words that are a change, so that "record payment" is one without an account.
  for (let count = words.length; count > 0; count -= 1) {
    const verb = words.slice(0, count).filter((word) => !isFiller(word))
    const isVerb = commands.some((known) => verb.every((word) => begins(known, word)))
    if (verb.length === 0 || !isVerb) continue
    const account = words.slice(count)
    while (isFiller(account[0])) account.shift()
    return account.length > 0 ? { verb: verb.join(' '), account: account.join(' ') } : null
  }
  return null
}

/** The changes of an account that a verb means, on its page. */
export function requestedCommands(account: Account, verb: string, role: Role): Command[] {
  const words = verb.split(' ')
  const commands = accountCommands(account, role)
  return commands
    .filter((command) => words.every((word) => begins(wordsOf(command), word)))
    .map((command) => {
      const search = 'dialog' in command.to ? command.to.dialog : {}
      const description = `${account.name} · ${account.number}`
      return { ...command, description, to: { link: { ...accountLink(account.number), search } } }
    })
}

function wordsOf({ label, words = '' }: Command): string[] {
  return `${label} ${words}`.toLowerCase().split(/[^\p{L}]+/u)
}

/** Whether one of the words begins so; one or two letters begin too many. */
function begins(words: string[], typed: string): boolean {
  return typed.length > 2 && words.some((word) => word.startsWith(typed.toLowerCase()))
}

/** The commands that have every typed word, in the label or among its other words. */
export function matching(commands: Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, words: others = '' }) => {
    const text = `${label} ${others}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
