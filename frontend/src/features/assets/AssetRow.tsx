import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Box, Group, Text } from '@mantine/core'
import {
  IconChevronRight,
  IconDeviceMobile,
  IconDeviceTv,
  IconDiscount2,
  IconPackage,
  IconPhone,
  IconReceipt2,
  IconWifi,
} from '@tabler/icons-react'
import type { OfferNodeFragment, Status } from '@/gql/graphql'
import { holdSentence } from '@/lib/holds'
import { formatDecimal } from '@/lib/money'
import { StatusBadge } from '@/ui/Badges'
import { Dotted } from '@/ui/Dotted'
import { When } from '@/ui/When'
import { AssetMenu } from './AssetMenu'
import type { Asset, ServiceNode } from './AssetTree'
import classes from './AssetTree.module.css'
import { priceOf } from './price'
import { WhyHeld } from './WhyHeld'

interface AssetRowProps {
  asset: Asset
  account: { id: string; status: Status }
  number: string
  /** Undefined if the row has no children. */
  expanded: boolean | undefined
  onToggle: () => void
}

export function AssetRow({ asset, account, number, expanded, onToggle }: AssetRowProps) {
  const entity = asset.of === 'service' ? asset.service : asset.offer
  return (
    <div className={classes.row}>
      <Group gap={8} wrap="nowrap" miw={0} className={classes.what}>
        {expanded !== undefined && (
          <ActionIcon
            size={26}
            tabIndex={-1}
            onClick={onToggle}
            aria-label={expanded ? t`Hide offers` : t`Show offers`}
          >
            <IconChevronRight
              size={14}
              className={classes.toggle}
              data-open={expanded || undefined}
            />
          </ActionIcon>
        )}
        <SignOf asset={asset} />
        <Box miw={0}>
          <Text size="sm" fw={asset.of === 'service' ? 600 : 400} className={classes.facts}>
            {entity.name}
          </Text>
          <Text size="xs" c="dimmed" className={classes.facts}>
            {asset.of === 'service' ? (
              <ServiceFacts service={asset.service} />
            ) : (
              <OfferFacts offer={asset.offer} />
            )}
          </Text>
          {entity.status !== 'ACTIVE' && entity.holds.length > 0 && (
            <Text size="xs" className={classes.facts}>
              {holdSentence(entity.holds, asset.of)}
            </Text>
          )}
        </Box>
      </Group>
      <Group gap={10} wrap="nowrap" className={classes.side}>
        <StatusBadge status={entity.status} />
        {/* Stops events here: the tree would handle the arrow keys, Space and the focus. */}
        <Box
          onKeyDown={(event) => event.stopPropagation()}
          onClick={(event) => event.stopPropagation()}
        >
          <Group gap={4} wrap="nowrap">
            {entity.status !== 'ACTIVE' && entity.holds.length > 0 && <WhyHeld asset={asset} />}
            <AssetMenu asset={asset} account={account} number={number} />
          </Group>
        </Box>
      </Group>
    </div>
  )
}

const serviceSigns: Record<string, typeof IconPhone> = {
  telephony: IconPhone,
  internet: IconWifi,
  tv: IconDeviceTv,
  mobile: IconDeviceMobile,
}

function SignOf({ asset }: { asset: Asset }) {
  const Sign =
    asset.of === 'service'
      ? (serviceSigns[asset.service.kind.toLowerCase()] ?? IconPackage)
      : asset.offer.offerKind === 'DISCOUNT'
        ? IconDiscount2
        : IconReceipt2
  return (
    <Sign
      size={18}
      stroke={1.6}
      style={{ flexShrink: 0 }}
      className={classes.sign}
      color="var(--mantine-color-dimmed)"
      aria-hidden
    />
  )
}

function ServiceFacts({ service }: { service: ServiceNode }) {
  return (
    <Dotted>
      {service.kind}
      {service.login && (
        <Text span ff="monospace" inherit>
          {service.login}
        </Text>
      )}
      <Trans>
        since <When at={service.createdAt} day />
      </Trans>
    </Dotted>
  )
}

function OfferFacts({ offer }: { offer: OfferNodeFragment }) {
  return (
    <Dotted>
      <span>
        {formatDecimal(offer.quantity) !== '1' && `${formatDecimal(offer.quantity)} × `}
        {priceOf(offer.offer) || offer.offer.code}
      </span>
      {offer.closedAt ? (
        <Trans>
          until <When at={offer.closedAt} day />
        </Trans>
      ) : (
        <Trans>
          from <When at={offer.cycleStart} day />
        </Trans>
      )}
    </Dotted>
  )
}
