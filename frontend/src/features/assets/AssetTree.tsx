/** Assets as a tree with keyboard navigation and a menu for each row. */
import { t } from '@lingui/core/macro'
import { Tree, type TreeNodeData, useTree } from '@mantine/core'
import { useMemo } from 'react'
import type { AssetsQuery, OfferNodeFragment, Status } from '@/gql/graphql'
import { AssetRow } from './AssetRow'
import classes from './AssetTree.module.css'

export type ServiceNode = NonNullable<AssetsQuery['account']>['services']['nodes'][number]

export type Asset =
  | { of: 'service'; service: ServiceNode }
  | { of: 'offer'; offer: OfferNodeFragment }

interface AssetTreeProps {
  account: { id: string; status: Status }
  number: string
  services?: ServiceNode[]
  offers?: OfferNodeFragment[]
}

const none: never[] = []

export function AssetTree({ account, number, services = none, offers = none }: AssetTreeProps) {
  const { data, assets } = useMemo(() => nodesOf(services, offers), [services, offers])
  const tree = useTree({
    initialExpandedState: Object.fromEntries(services.map((service) => [service.id, true])),
  })
  return (
    <Tree
      aria-label={services.length > 0 ? t`Services and their offers` : t`Account offers`}
      data={data}
      tree={tree}
      levelOffset={48}
      expandOnClick={false}
      classNames={{ label: classes.label, node: classes.node }}
      renderNode={({ node, expanded, hasChildren, elementProps, tree: controller }) => {
        const asset = assets.get(node.value)
        return (
          <div {...elementProps}>
            {asset && (
              <AssetRow
                asset={asset}
                account={account}
                number={number}
                expanded={hasChildren ? expanded : undefined}
                onToggle={() => controller.toggleExpanded(node.value)}
              />
            )}
          </div>
        )
      }}
    />
  )
}

function nodesOf(services: ServiceNode[], offers: OfferNodeFragment[]) {
  const assets = new Map<string, Asset>()
  const leaf = (offer: OfferNodeFragment): TreeNodeData => {
    assets.set(offer.id, { of: 'offer', offer })
    return { value: offer.id, label: offer.name }
  }
  const data = services.map((service): TreeNodeData => {
    assets.set(service.id, { of: 'service', service })
    return { value: service.id, label: service.name, children: service.offers.map(leaf) }
  })
  return { data: [...data, ...offers.map(leaf)], assets }
}
